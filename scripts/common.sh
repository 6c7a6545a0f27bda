# Sourced by the other scripts: where the project is, and how to get what it needs on Debian 12.
root=$(cd "$(dirname "$0")/.." && pwd)
jobs=$(nproc)

build_packages="g++ cmake ninja-build pkg-config ccache
  libcurl4-openssl-dev libgumbo-dev libre2-dev librocksdb-dev catch2 libyaml-cpp-dev nlohmann-json3-dev
  libicu-dev libopencc-dev libopencc-data libuchardet-dev libcli11-dev libspdlog-dev libmicrohttpd-dev libssl-dev
  zlib1g-dev libbrotli-dev libzstd-dev libsimdjson-dev libzip-dev libxlsxwriter-dev libsodium-dev libexpat1-dev unicode-data bzip2
  libfreetype-dev fonts-droid-fallback python3-jieba"
test_packages="nginx-light libfaketime"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# install_packages NAME...: those that are missing, as root or through sudo.
install_packages() {
  missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "these Debian packages are missing, and neither root nor sudo is at hand:$missing" >&2; exit 3; }
    as_root=sudo
  fi
  say "installing:$missing"
  $as_root apt-get update -q
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

# build PRESET [TARGET...]: configures and builds into build/PRESET.
build() {
  preset=$1; shift
  say "building build/$preset"
  cmake --preset "$preset" -S "$root" >/dev/null
  if [ $# -gt 0 ]; then
    cmake --build "$root/build/$preset" -j "$jobs" --target "$@"
  else
    cmake --build "$root/build/$preset" -j "$jobs"
  fi
}
