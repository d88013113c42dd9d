# Two stages: the first has what builds, the second only what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /sumun
COPY package.json package-lock.json tsconfig.json ./
COPY sdk sdk
COPY tools tools
# `prepare` would build before the sources are here.
RUN npm ci --ignore-scripts
COPY bin bin
COPY src src
RUN node tools/build.ts && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production SUMUN_HOST=0.0.0.0 SUMUN_DATA=/data
WORKDIR /sumun
COPY --from=build /sumun/package.json ./
COPY --from=build /sumun/node_modules node_modules
COPY --from=build /sumun/dist dist
COPY --from=build /sumun/bin bin
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8000/readyz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# The exec form: SIGTERM reaches the server itself, which finishes what is under way.
CMD ["node", "--max-semi-space-size=2", "bin/sumun.js", "start"]
