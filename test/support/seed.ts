/** Property tests look at the same examples each time, so that a failure is a change; RFF_TEST_FULL=1 looks at others. */
import fc from 'fast-check'

if (process.env.RFF_TEST_FULL !== '1') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_121 })
