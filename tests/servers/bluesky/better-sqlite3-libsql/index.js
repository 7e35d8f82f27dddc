// The Bluesky servers want better-sqlite3, which needs a compiler to install. libsql speaks the same
// interface and comes ready built; it only returns an ArrayBuffer where better-sqlite3 returns a Buffer.
const Database = require('libsql')

const asBuffers = (row) => {
  for (const column in row ?? {}) {
    if (row[column] instanceof ArrayBuffer) row[column] = Buffer.from(row[column])
  }
  return row
}

const prepare = Database.prototype.prepare
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  const [all, get, iterate] = ['all', 'get', 'iterate'].map((name) => statement[name].bind(statement))
  statement.all = (...values) => all(...values).map(asBuffers)
  statement.get = (...values) => asBuffers(get(...values))
  statement.iterate = function* (...values) {
    for (const row of iterate(...values)) yield asBuffers(row)
  }
  return statement
}

module.exports = Database
