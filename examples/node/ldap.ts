import { begin, call, prove, show, password as usual } from './client.ts'

// A person of a company's directory, by name and password: `npx node examples/node/ldap.ts URL FOLDER NAME PASSWORD`.
const [username = 'kim', password = usual] = process.argv.slice(4)
const attempt = await begin()
const { offers } = await call(`/v1/attempts/${attempt}`)
const offer = offers.find(({ method }: { method: string }) => method === 'ldap')
if (!offer) throw new Error('no directory is offered: add one with `sumun connection add`')
console.log(`continue with ${offer.label}`)
const { connection } = offer
show(await prove(attempt, 'ldap', () => ({ username, password, connection })))
