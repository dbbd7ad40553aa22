// Puts what the browser and the PDF renderer need into build/: Bootstrap's stylesheet and the font. Run by `make`.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as sass from "sass";

const vendor = "build/static/vendor";
const variable = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files";
const fixed = "node_modules/@fontsource/atkinson-hyperlegible-next/files";
const name = "atkinson-hyperlegible-next";

for (const folder of [vendor, "build/fonts"]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

const bootstrap = sass.compile("frontend/bootstrap.scss", {
  style: "compressed",
  loadPaths: ["node_modules"],
  // Bootstrap 5.3 is written in an older Sass; its warnings aren't ours to solve.
  quietDeps: true,
  silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
});
writeFileSync(`${vendor}/bootstrap.css`, bootstrap.css);

const face = (file, style, range) => `@font-face{font-family:"Atkinson Hyperlegible Next";font-style:${style};
font-weight:200 800;font-display:swap;src:url(${file}) format("woff2");unicode-range:${range}}\n`;
const latin = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212";
const latinExt = "U+0100-0130,U+0132-0151,U+0154-02BA,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+20AD-20C0";
let css = "";
for (const [subset, range] of [["latin", latin], ["latin-ext", latinExt]]) {
  for (const style of ["normal", "italic"]) {
    const file = `${name}-${subset}-wght-${style}.woff2`;
    cpSync(`${variable}/${file}`, `${vendor}/${file}`);
    css += face(file, style, range);
  }
}
writeFileSync(`${vendor}/fonts.css`, css);

for (const subset of ["latin", "latin-ext"]) {
  for (const weight of ["400", "700"]) {
    for (const style of ["normal", "italic"]) {
      const file = `${name}-${subset}-${weight}-${style}.woff2`;
      cpSync(`${fixed}/${file}`, `build/fonts/${file}`);
    }
  }
}
