# Sourced by every script here: where things are, and how a step is announced.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Where cargo puts what it builds; whoever builds elsewhere says so to cargo and to these scripts alike.
target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac
# The finished site. The server embeds this folder whatever cargo's target folder is (.cargo/config.toml).
# shellcheck disable=SC2034
site=$root/target/site
# Tools that belong to this checkout alone.
tools=$root/.tools
binaryen=$root/scripts/wasm-opt
# It minifies the stylesheet and the scripts (scripts/site.mjs).
# shellcheck disable=SC2034
esbuild=$root/scripts/esbuild

PATH=$tools/bin:$binaryen/node_modules/.bin:$PATH:${HOME:-/root}/.cargo/bin
export PATH

# One line for a step that takes time.
step() {
    if [ -t 1 ]; then printf '\033[1m› %s\033[0m\n' "$*"; else printf '› %s\n' "$*"; fi
}

# Ends the script with what happened and the way out.
fail() {
    printf 'hubbub: %s\n' "$*" >&2
    exit 1
}

# need COMMAND SENTENCE: stops with the sentence where the command is missing.
need() {
    command -v "$1" >/dev/null || fail "$1 is missing. $2"
}

# Brings a folder's npm packages to exactly what its lock file says.
npm_packages() {
    local folder=$1 stamp=$1/node_modules/.installed
    if ! cmp -s "$folder/package-lock.json" "$stamp"; then
        step "Fetching the npm packages of ${folder#"$root"/}"
        # npm prints its own warnings about the machine's settings: only errors are of interest here.
        (cd "$folder" && npm ci --loglevel=error --no-audit --no-fund --no-progress)
        cp "$folder/package-lock.json" "$stamp"
    fi
}

# Installs Debian packages, as root or by sudo. Without arguments it does nothing.
debian_packages() {
    [ $# -gt 0 ] || return 0
    local as_root=()
    step "Installing $*"
    need apt-get "Install $* by your system's own means, then try again."
    if [ "$(id -u)" -ne 0 ]; then
        need sudo "It is needed to install $*: install them as root, then try again."
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
}
