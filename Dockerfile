# Steward in a container, not as root. The data directory is the volume /data: with the embedded database it holds
# everything, with a server the keys and checkpoints of the audit record.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production STEWARD_DATA=/data STEWARD_HOST=0.0.0.0 STEWARD_PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY sql ./sql
COPY policies ./policies
COPY prompts ./prompts
COPY demo ./demo
COPY tools ./tools
COPY channels ./channels
COPY src ./src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/steward.js", "start", "--empty"]
