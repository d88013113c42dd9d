interface ForeignHash {
  password: string
  hash: string
}

const password = 'copper lantern under the pier'

/**
 * Made by the systems themselves (bcrypt, passlib, hashlib), except Firebase's, which is the example of its
 * own documentation.
 */
export const importedHashes: Readonly<Record<string, ForeignHash>> = {
  'bcrypt 2a': { password, hash: '$2a$04$qsOweJGFxIStyXjZHj3wvuZn/FWM2T2tRTTC/mZYpJZ2WNwEJ7vNa' },
  'bcrypt 2b': { password, hash: '$2b$04$qOQDyOa.KGOivAWsMQUPqO.Rba8YLj/VoZP/fmXDrZJPth7GMHhka' },
  'bcrypt 2y': { password, hash: '$2y$04$qOQDyOa.KGOivAWsMQUPqO.Rba8YLj/VoZP/fmXDrZJPth7GMHhka' },
  'passlib pbkdf2-sha256': {
    password,
    hash: '$pbkdf2-sha256$1000$Q8gZQwjhPOd8b805B0Do/Q$emRt2hKriE8bZ6NQPYgIQqIXCuLjgCS9GPQLuhjOZWM',
  },
  'passlib pbkdf2-sha512': {
    password,
    hash: '$pbkdf2-sha512$1000$O2fsXWtt7Z2TsjYmZOydMw$9v7mdpYozNYKWkjR.6F3nGxLN4sm35dJ.WkUW9JLoN3DbPGElvThpQTvuoOUYcmHF0fHDX19hK5b5JjEet6TBQ',
  },
  'Django pbkdf2': {
    password,
    hash: 'pbkdf2_sha256$1000$8LpZbPjRJi51$84sOZBQC/euRDunUxkHQDQYeA9PrqmJ9Ck4fXEBBwxc=',
  },
  'passlib bcrypt-sha256': {
    password,
    hash: '$bcrypt-sha256$v=2,t=2b,r=4$jG61gm3eqOPp.okY1sDOVu$LX95mi.4whj6JU9z1XAm.28pDvO/4H.',
  },
  'passlib scrypt': {
    password,
    hash: '$scrypt$ln=8,r=8,p=1$ca7V2jsnRGittZbyvtf6Xw$AK/UrLtzbS6NEB/rwJXV776iQzaP2uPv40wTRitZaK0',
  },
  'Django bcrypt_sha256': {
    password,
    hash: 'bcrypt_sha256$$2b$04$bz19nnvDzCGhfrnw3BQ.7u.A8YkgODOxS2o0hnQJuZhWlBiLuRdAO',
  },
  'better-auth scrypt': {
    password,
    hash: '335f0e7f06798c1a1e256f7b3e7ad1b8:90dab9f712979b5bb4fd4e5233a3e0a25d92a1fca781010459acb2a294dec580a05610c86125b0da7f4df937a06029ec62f9458047e0f1b5478396391c009bab',
  },
  'Django scrypt': {
    password,
    hash: 'scrypt$16384$saltsalt$8$1$L1sFAdKIjKFUlUbrErd91cgqoiYJaRX1EjPjnGT0bVW+IQiwjxWYKpXP9Tvi6gX3eBzcjR2550M8cTAB5q3+Ug==',
  },
  argon2i: {
    password,
    hash: '$argon2i$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$V848+kjYLceWTFV4eqZI1qYCWu/BLcWDHf1A8r7hVVY',
  },
  argon2d: {
    password,
    hash: '$argon2d$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$O+r/AMYz1h+H+0cF0PJPbFGrt4fzEDL4h4p6NSTiwZo',
  },
  'argon2id of weaker parameters': {
    password,
    hash: '$argon2id$v=19$m=32,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$1Rq0v6kLidd3N2vBW9j1j9PcONboC8c6c+VfkDCKPXY',
  },
  'Django argon2': {
    password,
    hash: 'argon2$argon2id$v=19$m=32,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$TPeJLSRojPkoFqeSOkAy4bBcN+2WqpKRFACwCTMcEro',
  },
  'Werkzeug pbkdf2': {
    password,
    hash: 'pbkdf2:sha256:1000$aB3dEfGh$14d453632bdec98de0b54f74c00f60ea6770ac1bc677039ef05e98e1db315c06',
  },
  'Werkzeug scrypt': {
    password,
    hash: 'scrypt:16384:8:1$aB3dEfGhIjKlMnOp$24c1ed0b0dc24df1e3ce9e49dc6cba352c41cfb9e4f8e02147f1e252b4e07ab2447606f02c665621fc3fa780913b0f9c0d692b27ed4e59251a9fd1c39cd0a094',
  },
  'ASP.NET Identity v3': {
    password,
    hash: 'AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/oOyDysiEUOaIvegj5WO96eDvpKVLKojZ4rw3dQvsV2w==',
  },
  'Spring bcrypt': { password, hash: '{bcrypt}$2a$04$qsOweJGFxIStyXjZHj3wvuZn/FWM2T2tRTTC/mZYpJZ2WNwEJ7vNa' },
  'WordPress 6.8': {
    password: 'admin',
    hash: '$wp$2y$10$Q1xinFjrZeLWJBvxviIL6u834Fu.evIEFHAUVisQ5O.w9Dm0sMdES',
  },
  phpass: { password: 'test12345', hash: '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0' },
  'LDAP SSHA': { password, hash: '{SSHA}wOCDPU5Ke/lUqivXtH6XxhrodCJzYWx0c2FsdA==' },
  'LDAP SSHA512': {
    password,
    hash: '{SSHA512}cw0/9BzNS62pftaQWlO0dmJCJWoz08U43CBKepXhLR4ZNWEA9VBK/0iHQpQb1Zci/jYWVsPy9ntgFSOp3i2U9nNhbHRzYWx0',
  },
  'SHA-crypt of SHA-256': {
    password,
    hash: '$5$rounds=1000$saltsaltsaltsalt$KeoJ4HEqLGrnPtwfNcDDGn/7EpvHse.1/AJbG1XyDB6',
  },
  'SHA-crypt of SHA-512': {
    password,
    hash: '$6$aB3dEf./$YAhz1nCM6LFU.8UJKxu9ltlKaJQlWUhdLH9nN8olvi/5wLKP6yigFHXxEcaw3WSvPRlpcHepNhpmN/ajX0gg5.',
  },
  'SHA-crypt of a directory, in Korean': {
    password: '비밀번호 하나 둘',
    hash: '{CRYPT}$6$rounds=1234$s$HsYQSb.Ogd1cOWlLaL9ZeY/mNkFblBB1GGgcvEWDnns1/QFpeqGRo3IjoLtB19HcYxASsNv6N0uYF9Nc5/q39/',
  },
  'SHA-crypt of a long password': {
    password: 'x'.repeat(200),
    hash: '$5$$3Jw4AgLYDKqnGG5VHtDu58zZ.AZbHBVICBn7S6/HLc5',
  },
  'passlib bcrypt-sha256, version 1': {
    password,
    hash: '$bcrypt-sha256$2b,4$JJoutZkyYYVfTpGrkGUq7.$Zr7IQB5s6vATF5PLdJqz5uM.1QYXBu.',
  },
  'argon2i, version 0x10': {
    password,
    hash: '$argon2i$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$IsKp+Rn9mqQ9NGUfIJym+2jOPID190cIWsZOQ+n8QNQ',
  },
  'argon2id, version 0x10': {
    password,
    hash: '$argon2id$v=16$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$9Dlepp+XOVb1rRkJz/D8Ul/WBpg8NORpb+Op7g2BS2s',
  },
  'Keycloak, argon2': {
    password: 'password',
    hash: '{"type":"password","secretData":"{\\"value\\":\\"63G8QVXZid0IOjCzVP7SCl0cIclRFSlQpSlcTOeoDt4=\\",\\"salt\\":\\"YZKaOUmX+XRvC1p2v0+V0A==\\",\\"additionalParameters\\":{}}","credentialData":"{\\"hashIterations\\":5,\\"algorithm\\":\\"argon2\\",\\"additionalParameters\\":{\\"hashLength\\":[\\"32\\"],\\"memory\\":[\\"7168\\"],\\"type\\":[\\"id\\"],\\"version\\":[\\"1.3\\"],\\"parallelism\\":[\\"1\\"]}}"}',
  },
  'Keycloak, pbkdf2': {
    password: 'admin',
    hash: '{"secretData":"{\\"value\\":\\"NICTtwsvSxJ5hL8hLAuleDUv9jwZcuXgxviMXvR++cciyPtiIEStEaJUyfA9DOir59awjPrHOumsclPVjNBplA==\\",\\"salt\\":\\"T/2P5o5oxFJUEk68BRURRg==\\"}","credentialData":"{\\"hashIterations\\":27500,\\"algorithm\\":\\"pbkdf2-sha256\\"}"}',
  },
  'Keycloak before version 9': {
    password: 'admin',
    hash: '{"type":"password","hashedSaltedValue":"NICTtwsvSxJ5hL8hLAuleDUv9jwZcuXgxviMXvR++cciyPtiIEStEaJUyfA9DOir59awjPrHOumsclPVjNBplA==","salt":"T/2P5o5oxFJUEk68BRURRg==","hashIterations":27500,"algorithm":"pbkdf2-sha256"}',
  },
  'Firebase scrypt': {
    password: 'user1password',
    hash: '$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  },
}

/** Of a password that fills bcrypt's 72 bytes. */
export const bcrypt72: ForeignHash = {
  password: 'abcdefgh'.repeat(9),
  hash: '$2b$04$3F37WiVxg1GdZiUd2bYXF.Sh2xw5bzhX2.PF1xYiOafmsFC0LL0di',
}
