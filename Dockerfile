# Not built where it was written; see docs/serve.md.
FROM node:20.20.2-bookworm AS build
WORKDIR /src
COPY package.json package-lock.json ./
# better-sqlite3 is compiled where its prebuilt file cannot be fetched; this image has a compiler.
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run --silent build && npm prune --omit=dev --no-audit --no-fund

FROM node:20.20.2-bookworm-slim
WORKDIR /opt/rff-shard
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY --from=build /src/demo ./demo
RUN ln -s /opt/rff-shard/dist/bundle/cli.js /usr/local/bin/rff-shard && mkdir /work && chown node:node /work
# Large memory pages for the index of a large plan: docs/capacity.md.
ENV GLIBC_TUNABLES=glibc.malloc.hugetlb=1
USER node
WORKDIR /work
VOLUME /work
EXPOSE 4317
# A container is stopped with SIGTERM: a run drains what is in flight and commits.
STOPSIGNAL SIGTERM
ENTRYPOINT ["rff-shard"]
CMD ["serve", "--host", "0.0.0.0", "--expose"]
