// One side of a comparison: `hub FOLDER` serves the CouchDB protocol on loopback, `node FOLDER DOCS URL` replicates to it and back.
// Runs with its packages beside it (pouchdb.py puts them into an ignored folder). Figures leave as one JSON line.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const PouchDB = require('pouchdb-node');

const [role, folder, documents, url] = process.argv.slice(2);
const BATCH = { batch_size: 500, batches_limit: 10 };
fs.mkdirSync(folder, { recursive: true });

function hub() {
  const express = require('express');
  const app = express();
  const server = http.createServer(app);
  const sockets = new Set();
  let requests = 0;
  server.on('connection', (socket) => sockets.add(socket));
  app.get('/__figures', (_, reply) => {
    let bytes = 0;
    for (const socket of sockets) bytes += socket.bytesRead + socket.bytesWritten;
    const { user, system } = process.cpuUsage();
    reply.json({ bytes, requests, cpu_us: user + system });
  });
  app.use((_, __, next) => { requests += 1; next(); });
  const store = PouchDB.defaults({ prefix: folder + path.sep });
  app.use('/', require('express-pouchdb')(store, {
    mode: 'minimumForPouchDB', logPath: path.join(folder, 'log.txt'), inMemoryConfig: true,
  }));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

async function node() {
  const figures = () => fetch(url + '/__figures').then((reply) => reply.json());
  const docs = fs.readFileSync(documents, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const said = {};
  const local = new PouchDB(path.join(folder, 'a'));
  let began = performance.now();
  for (let at = 0; at < docs.length; at += 500) await local.bulkDocs(docs.slice(at, at + 500));
  said['pouchdb load docs/s'] = docs.length / ((performance.now() - began) / 1e3);
  const remote = new PouchDB(url + '/hub');
  await remote.info();
  const timed = async (name, work) => {
    const before = await figures();
    began = performance.now();
    await work();
    const seconds = (performance.now() - began) / 1e3;
    const after = await figures();
    said[`pouchdb ${name} docs/s`] = docs.length / seconds;
    said[`pouchdb ${name} bytes/doc`] = (after.bytes - before.bytes) / docs.length;
    said[`pouchdb ${name} hub CPU us/doc`] = (after.cpu_us - before.cpu_us) / docs.length;
  };
  await timed('push', () => local.replicate.to(remote, BATCH));
  const fresh = new PouchDB(path.join(folder, 'b'));
  await timed('pull', () => fresh.replicate.from(remote, BATCH));
  if ((await fresh.info()).doc_count !== docs.length) throw new Error('documents were lost');
  console.log(JSON.stringify(said));
  process.exit(0);
}

if (role === 'hub') hub(); else node().catch((error) => { console.error(error); process.exit(1); });
