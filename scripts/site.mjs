// Puts the site together: node scripts/site.mjs SITE CLIENT PUBLIC
//
// CLIENT's hubbub.js, hubbub.wasm and snippets go to SITE/pkg, PUBLIC's files to SITE; beside each file that gains by it
// stand its brotli and gzip forms, made once here at the best quality so that the server never compresses them.
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [site, client, pub] = process.argv.slice(2);
// Below this a response fits a packet or two either way.
const WORTH_COMPRESSING = 1024;

// Built beside the old site and then swapped with it: an interrupted build leaves no half of one.
const fresh = `${site}.new`;
await rm(fresh, { recursive: true, force: true });
await mkdir(path.join(fresh, "pkg"), { recursive: true });
if (existsSync(pub)) await cp(pub, fresh, { recursive: true });
await cp(client, path.join(fresh, "pkg"), { recursive: true, filter: (source) => path.basename(source) !== "stamp" });

const entries = await readdir(fresh, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
await Promise.all(files.map(compress));
await rm(site, { recursive: true, force: true });
await rename(fresh, site);

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
