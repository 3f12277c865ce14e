#!/bin/sh
# Gỡ bản đang chạy thì dừng dịch vụ trước; gỡ một bản khác không đụng tới dịch vụ. Dữ liệu trong /var/lib/lienthong-* ở lại.
set -e
[ "$(readlink /opt/lienthong/current)" = releases/@VERSION@ ] || exit 0
systemctl disable --now lienthong-node-backup.timer lienthong-node.service lienthong-hub.service 2>/dev/null || true
for unit in /opt/lienthong/releases/@VERSION@/systemd/lienthong-*; do rm -f "/etc/systemd/system/$(basename "$unit")"; done
rm -f /opt/lienthong/current
