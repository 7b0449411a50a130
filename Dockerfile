# Engine and exchange of a hotline in one container. `docker compose up --build` uses it; docs/operators.md says how.

FROM node:20-bookworm-slim AS build
# For the one npm package that is compiled where no ready-made one can be fetched.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates g++ make python3 \
    && rm -rf /var/lib/apt/lists/*
ENV ONEDOOR_CACHE=/opt/onedoor-cache
WORKDIR /opt/onedoor

# Asterisk, espeak-ng and sox. They depend on the scripts alone: a changed source does not fetch them again.
COPY scripts scripts
RUN node scripts/toolbox.mjs > /dev/null \
    && cd /opt/onedoor-cache \
    && ln -sfn toolbox-1-* toolbox

COPY .npmrc package.json package-lock.json tsconfig.json ./
COPY src src
RUN node scripts/set-up.mjs \
    && npm prune --omit=dev --ignore-scripts \
    && chmod 755 dist/src/main.js \
    && rm -f /opt/onedoor-cache/better-sqlite3-* \
    && mkdir -p /var/lib/onedoor


FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    ONEDOOR_SITE=/opt/onedoor \
    ONEDOOR_STATE=/var/lib/onedoor \
    ONEDOOR_CACHE=/var/lib/onedoor/cache \
    ONEDOOR_TOOLBOX=/opt/onedoor-cache/toolbox/toolbox.json
WORKDIR /opt/onedoor
COPY --from=build /opt/onedoor-cache /opt/onedoor-cache
COPY --from=build /opt/onedoor/node_modules node_modules
COPY --from=build /opt/onedoor/dist/src dist/src
COPY scripts/health.mjs scripts/keep-engine.mjs scripts/
COPY LICENSE onedoor.yaml package.json ./
COPY asterisk-config asterisk-config
COPY data data
COPY flows flows
COPY prompts prompts
COPY calendars calendars
RUN ln -s /opt/onedoor/dist/src/main.js /usr/local/bin/onedoor
# Everything that a hotline knows. Nothing else is ever written, but for /tmp.
COPY --from=build --chown=node:node /var/lib/onedoor /var/lib/onedoor
VOLUME /var/lib/onedoor

USER node
EXPOSE 5060/udp
STOPSIGNAL SIGTERM
# The first start speaks the prompts, which takes a while.
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=3 CMD ["node", "scripts/health.mjs"]
CMD ["node", "scripts/keep-engine.mjs"]
