// Starts a whole Bluesky network (directory, server of accounts, AppView) on free ports of this machine,
// prints its addresses as one line of JSON, and ends when whoever started it goes away.
import { TestNetwork } from '@atproto/dev-env'

const network = await TestNetwork.create({
  pds: { hostname: 'localhost' },
  bsky: { dbPostgresSchema: 'appview' },
})
console.log(JSON.stringify({ service: network.pds.url, appview: network.bsky.url, directory: network.plc.url }))

process.on('SIGTERM', () => process.exit(0))
