#!/bin/sh
# Tạo tài khoản dịch vụ và đọc lại đơn vị systemd. Không tự khởi động: người vận hành quyết định, sau “doctor”.
set -e
getent passwd lienthong >/dev/null || adduser --system --group --no-create-home --home /nonexistent lienthong
systemctl daemon-reload 2>/dev/null || true
