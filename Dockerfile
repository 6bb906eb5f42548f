# One image for every process of ECAP; the command says which: web, worker, ingest, scheduler, migrate.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 ecap
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .
RUN mkdir /data && chown ecap /data
USER ecap

ENV ENVIRONMENT=production HOST=0.0.0.0 PORT=8000 ECAP_HOME=/data PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"
CMD ["python", "manage.py", "web"]
