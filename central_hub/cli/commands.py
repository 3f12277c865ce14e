"""The verbs of `central-hub`, in the order an operator meets them."""

from __future__ import annotations

import cyclopts

from central_hub.cli import (
    account,
    backup,
    catalogue,
    census,
    courier,
    doctor,
    enrol,
    erase,
    existence,
    init,
    lists,
    lookup,
    officers,
    restore,
    serve,
    status,
    store,
    verify,
    work,
)

app = cyclopts.App(
    name="central-hub", help="Trung tâm Liên Thông: nhận, đối chiếu, tra cứu, công bố danh mục.", version="0.1.0"
)
app.command(init.init)
app.command(account.account)
app.command(serve.serve)
app.command(work.work)
app.command(enrol.enrol)
app.command(enrol.revoke)
app.command(status.status)
app.command(doctor.doctor)
app.command(doctor.health)
app.command(lookup.lookup)
app.command(officers.app)
app.command(lists.app)
app.command(erase.app)
app.command(existence.app)
app.command(catalogue.app)
app.command(verify.verify)
app.command(backup.backup)
app.command(restore.restore)
app.command(store.app)
app.command(courier.courier)
app.command(census.census)
