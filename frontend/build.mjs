// Puts what the browser and the PDF renderer need into build/: the stylesheet of Bootstrap's parts and the theme, and fonts. Run by `make`.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as sass from "sass";

const vendor = "build/static/vendor";
const sources = "build/webfonts";
const variable = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files";
const fixed = "node_modules/@fontsource/atkinson-hyperlegible-next/files";
const name = "atkinson-hyperlegible-next";

for (const folder of [vendor, sources, "build/fonts"]) {
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

// What frontend/webfonts.py makes the fonts of the screens of.
for (const subset of ["latin", "latin-ext"]) {
  for (const style of ["normal", "italic"]) {
    cpSync(`${variable}/${name}-${subset}-wght-${style}.woff2`, `${sources}/${name}-${subset}-wght-${style}.woff2`);
  }
}
cpSync("node_modules/@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2", `${sources}/noto-sans-latin-wght-normal.woff2`);

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
