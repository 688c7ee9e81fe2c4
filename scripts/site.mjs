// Puts the site together: node scripts/site.mjs SITE CLIENT STYLE PUBLIC
//
// CLIENT's files and the stylesheet, which is joined from STYLE's, go to SITE/pkg/HASH, scripts and style minified; PUBLIC's
// files go to SITE. The hash is of all that is in its folder, so browsers keep these files for good. Beside each file that
// gains by it stand its brotli and gzip forms, made once here at the best quality so that the server never compresses them.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

// esbuild has a lock file of its own beside this script; scripts/setup installs it.
const { transform } = createRequire(new URL("esbuild/package.json", import.meta.url))("esbuild");

const [site, client, style, pub] = process.argv.slice(2);
// Below this a response fits a packet or two either way.
const WORTH_COMPRESSING = 1024;
// These define the order of the layers; within a layer no file depends on its place (src/server/site.rs does the same).
const FIRST_STYLES = ["tokens.css", "base.css", "layout.css"];

// Built beside the old site and then swapped with it: an interrupted build leaves no half of one.
const fresh = `${site}.new`;
await rm(fresh, { recursive: true, force: true });
await cp(pub, fresh, { recursive: true });

const build = new Map([["hubbub.css", await minified(await stylesheet(), "css")]]);
for (const file of await filesIn(client)) {
  const name = path.relative(client, file);
  if (name === "stamp") continue;
  const data = await readFile(file);
  build.set(name, name.endsWith(".js") ? await minified(data, "js") : data);
}
const folder = path.join(fresh, "pkg", hash(build));
for (const [name, data] of build) {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), data);
}

await Promise.all((await filesIn(fresh)).map(compress));
await rm(site, { recursive: true, force: true });
await rename(fresh, site);

async function stylesheet() {
  const others = (await readdir(style)).filter((name) => name.endsWith(".css") && !FIRST_STYLES.includes(name)).sort();
  return Buffer.concat(await Promise.all([...FIRST_STYLES, ...others].map((name) => readFile(path.join(style, name)))));
}

/** Without a target it rewrites nothing for older browsers: nesting, layers and light-dark() stay as they are written. */
async function minified(text, loader) {
  const { code, warnings } = await transform(text, {
    loader,
    minify: true,
    charset: "utf8",
    // wasm-bindgen names a module that is imported for several functions once a function.
    logOverride: { "duplicate-object-key": "silent" },
  });
  if (warnings.length > 0) throw new Error(`esbuild warns of the ${loader}: ${warnings.map(({ text }) => text).join("; ")}`);
  return Buffer.from(code);
}

/** Of names and contents, whatever their order. */
function hash(files) {
  const hash = createHash("sha256");
  for (const [name, data] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${data.length}\0`).update(data);
  return hash.digest("hex").slice(0, 16);
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function compress(file) {
  const plain = await readFile(file);
  if (plain.length <= WORTH_COMPRESSING) return;
  const forms = {
    br: await promisify(zlib.brotliCompress)(plain, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
        [zlib.constants.BROTLI_PARAM_LGWIN]: zlib.constants.BROTLI_MAX_WINDOW_BITS,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
    gz: await promisify(zlib.gzip)(plain, { level: zlib.constants.Z_BEST_COMPRESSION }),
  };
  for (const [suffix, small] of Object.entries(forms)) {
    // Pictures and fonts are compressed already.
    if (small.length < plain.length * 0.95) await writeFile(`${file}.${suffix}`, small);
  }
}
