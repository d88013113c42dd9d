/** English is in the table of problems itself, which logs and the command line use. */
export { problems } from '../../domain/problem.ts'
