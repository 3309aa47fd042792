# Sourced by test/run, bench/quickstart and bench/run.

# install_missing PACKAGE...: installs the Debian packages that are not there yet.
install_missing() {
  command -v apt-get >/dev/null || { echo "Not a Debian system; needed: $*" >&2; return; }
  local package missing=() as_root=()
  for package in "$@"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  echo "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# configure FOLDER COMPILER [OPTION...]: a Meson build folder whose lists of files are up to date.
configure() {
  local folder=$1 compiler=$2
  shift 2
  if [ -f "$folder/build.ninja" ]; then
    meson setup --reconfigure "$folder" "$@"
  else
    ! command -v ccache >/dev/null || compiler="ccache $compiler"
    CXX=$compiler meson setup "$folder" "$@"
  fi
}
