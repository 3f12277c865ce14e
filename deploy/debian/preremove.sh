#!/bin/sh
# Dừng dịch vụ; dữ liệu trong /var/lib/lienthong-* ở lại.
set -e
systemctl stop lienthong-node-backup.timer lienthong-node.service lienthong-hub.service 2>/dev/null || true
