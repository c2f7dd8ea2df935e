# One image for the three processes and the migration; compose says which of them runs.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY apps apps
COPY libs libs
COPY tools tools
COPY test test
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are Postgres binaries, which a container setup does not need.
RUN npm ci --omit=dev --omit=optional

FROM node:24-slim AS runtime
ENV NODE_ENV=production MUSTER_HOME=/var/lib/muster
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# The API serves the schemas of events.
COPY docs/schemas docs/schemas
# A named volume takes over the owner of the folder that it is mounted on.
RUN mkdir -p /var/lib/muster && chown node:node /var/lib/muster
USER node
VOLUME /var/lib/muster
CMD ["node", "dist/apps/api/src/main.js"]

# A node that runs real VMs: `docker build --target runtime-qemu`.
FROM runtime AS runtime-qemu
USER root
RUN apt-get update \
  && apt-get install --yes --no-install-recommends qemu-system-x86 qemu-utils nftables \
  && rm -rf /var/lib/apt/lists/*
CMD ["node", "dist/apps/node-agent/src/main.js"]

# What `docker build .` makes when no target is named.
FROM runtime
