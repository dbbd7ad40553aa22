// Puts what the browser and the PDF renderer need into build/: Bootstrap's stylesheet and the font. Run by `make`.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

// What our own font can't draw in a PDF, these can: a name is printed right in whatever letters it is written.
const scripts = {
  "noto-sans": ["latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"],
  "noto-sans-arabic": ["arabic"],
  "noto-sans-armenian": ["armenian"],
  "noto-sans-bengali": ["bengali"],
  "noto-sans-devanagari": ["devanagari"],
  "noto-sans-ethiopic": ["ethiopic"],
  "noto-sans-georgian": ["georgian"],
  "noto-sans-hebrew": ["hebrew"],
  "noto-sans-tamil": ["tamil"],
  "noto-sans-thai": ["thai"],
  "noto-sans-symbols": ["symbols"],
  "noto-emoji": ["emoji"],
};
for (const [family, subsets] of Object.entries(scripts)) {
  for (const subset of subsets) {
    for (const weight of ["400", "700"]) {
      const file = `${family}-${subset}-${weight}-normal.woff2`;
      cpSync(`node_modules/@fontsource/${family}/files/${file}`, `build/fonts/${file}`);
    }
  }
}
// Chinese, Japanese and Korean come in a hundred slices each, in which every weight can be made.
for (const family of ["noto-sans-sc", "noto-sans-jp", "noto-sans-kr"]) {
  const files = `node_modules/@fontsource-variable/${family}/files`;
  for (const file of readdirSync(files).filter((name) => /-\d+-wght-normal\.woff2$/.test(name))) {
    cpSync(`${files}/${file}`, `build/fonts/${file}`);
  }
}
