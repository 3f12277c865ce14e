#!/bin/sh
# Tạo tài khoản dịch vụ. Bản đầu tiên trở thành `current`; bản sau nằm cạnh, chờ người vận hành đổi liên kết sau “doctor” và “backup”.
set -e
getent passwd lienthong >/dev/null || adduser --quiet --system --group --no-create-home --home /nonexistent lienthong
[ -e /opt/lienthong/current ] || ln -s releases/@VERSION@ /opt/lienthong/current
# Đơn vị systemd luôn là của bản đang chạy: chúng đi theo liên kết `current`.
for unit in /opt/lienthong/releases/@VERSION@/systemd/lienthong-*; do
    ln -sf "/opt/lienthong/current/systemd/$(basename "$unit")" "/etc/systemd/system/$(basename "$unit")"
done
systemctl daemon-reload 2>/dev/null || true
