# Losscope in a container. docker build -t losscope . && docker run --rm -p 8501:8501 losscope
# Works read-only: docker run --read-only --tmpfs /tmp:size=256m ... (uploads over 1 MB pass through /tmp)
FROM python:3.12-slim

# Bytecode is compiled once, into the image, because the user below may not write there.
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOME=/tmp

WORKDIR /losscope
COPY requirements.txt .
RUN pip install --requirement requirements.txt
COPY . .
RUN python -m compileall -q app.py charts losses pages

# A number, so that an orchestrator can see that it is not root.
USER 65534:65534
EXPOSE 8501

# The slim image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
