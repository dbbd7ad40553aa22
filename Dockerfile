# The product in one image; docker-compose.yml runs it as web, worker, beat and migrate.

FROM node:22-bookworm-slim AS frontend
WORKDIR /srv/topjob
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=optional
COPY frontend frontend
RUN node frontend/build.mjs

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/topjob
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt
COPY --from=frontend /srv/topjob/build build
COPY . .
# Gathering static files reads no secret and speaks to no server; the demo's settings serve for it.
RUN python frontend/fonts.py && TOPJOB_MODE=demo TOPJOB_COLLECTED_STATIC=1 python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --home /srv/topjob topjob \
    && mkdir -p var && chown topjob var
USER topjob
ENV TOPJOB_MODE=production TOPJOB_VAR=/srv/topjob/var
VOLUME /srv/topjob/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-m", "topjob.probe", "/gezond/leeft/"]
CMD ["gunicorn", "topjob.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "30", "--no-control-socket", "--max-requests", "2000", \
     "--max-requests-jitter", "200"]
