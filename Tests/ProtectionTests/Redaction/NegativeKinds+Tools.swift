// Hansard
// SPDX-License-Identifier: Apache-2.0

// Configuration, command lines and what tools print.

extension NegativeKind {
  static let configuration: [NegativeKind] = [
    NegativeKind(
      "kubernetes",
      "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: {word}\n      key: password",
      "kind: Secret\nmetadata:\n  name: {word}",
      "volumes:\n- name: token\n  secret:\n    secretName: {word}-token-{lowalnum:5}",
      "serviceAccountName: {word}\nautomountServiceAccountToken: false",
      "imagePullSecrets:\n- name: regcred",
      "secret/{word} created", "NAME TYPE DATA AGE\n{word} Opaque 2 5d"),
    NegativeKind(
      "terraform", "variable \"db_password\" {\n  type      = string\n  sensitive = true\n}",
      "password = random_password.db.result",
      "token = var.github_token", "secret_id = aws_secretsmanager_secret.{word}.id",
      "output \"token\" { value = local.token }",
      "key_name   = \"{word}-key\""),
    NegativeKind(
      "ci", "env:\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}", "- uses: actions/checkout@v4",
      "permissions:\n  id-token: write\n  contents: read",
      "  - uses: actions/setup-node@{hex:40} # v4.1.0", "secrets: inherit",
      "script: echo $CI_JOB_TOKEN | wc -c",
      "token: ${{ github.token }}", "secret-id: projects/{word}/secrets/{word}"),
    NegativeKind(
      "openapi", "securitySchemes:\n  bearerAuth:\n    type: http\n    scheme: bearer",
      "name: X-API-Key\nin: header",
      "tokenUrl: https://auth.example.com/token",
      "Password:\n  type: string\n  format: password\n  minLength: 8"),
    NegativeKind(
      "settings", "keys = true", "tokenizer: gpt2", "token_budget: 4096", "max_tokens=1024",
      "password_min_length = 12",
      "secret_rotation_days: 90", "cookie_secure = true",
      "token_url = https://auth.example.com/token", "authorization: enabled",
      "PasswordAuthentication no", "PubkeyAuthentication yes", "token_type: bearer",
      "api_key_env: OPENAI_API_KEY",
      "password_file: /run/secrets/db_password", "POSTGRES_PASSWORD_FILE=/run/secrets/pg",
      "private_key_path: ~/.ssh/id_ed25519",
      "ssl_certificate_key /etc/nginx/tls/server.key;", "token_expiry=3600", "AUTH_TOKEN_TTL=900",
      "sort_key: created_at",
      "primary_key: id", "partition_key = \"tenant\"", "foreign_key: user_id", "key: value",
      "secretsmanager: enabled",
      "credentials: include", "PWD=/root/{word}", "OLDPWD=/usr/src/app",
      "SSH_AUTH_SOCK=/tmp/ssh-{alnum:10}/agent.{int:100-999}",
      "XAUTHORITY=/root/.Xauthority", "GPG_KEY={HEX:40}", "KEYBOARD=us", "monkey=banana",
      "passenger: {word}", "compass: north"),
    NegativeKind(
      "usage",
      "\"usage\": {\"prompt_tokens\": {int:1-900}, \"completion_tokens\": {int:1-900}, \"total_tokens\": 1024}",
      "input_tokens={int:1-9000} output_tokens={int:1-900}", "\"max_tokens\": 4096",
      "cache_read_input_tokens: {int:1-9000}",
      "tokens/s: 83.2", "Token count: {int:1-9000}", "token limit 200000 exceeded",
      "tokens used: {int:1-9000}",
      "remaining_tokens=199{int:100-999}", "\"token_ids\": [101, 2023, 2003, 102]",
      "<|endoftext|> token id 50256"),
  ]

  static let tools: [NegativeKind] = [
    NegativeKind(
      "packages", "@types/node@18.0.{int:1-20}", "lodash@4.17.21", "+ react-dom@18.2.0",
      "npm WARN deprecated {word}@1.2.3",
      "requests==2.31.0", "scikit-learn>=1.3", "sk-learn", "pip install sk-learn-{word}",
      "golang.org/x/text v0.14.0",
      "swift-nio 2.65.{int:0-9}", "Successfully installed tokenizers-0.15.2 torch-2.1.0+cu121",
      "keyring==24.3.0",
      "python-jose[cryptography]", "tokenizers, secrets, passlib", "1.0.0+20130313144700",
      "v1.27.3+k3s1", "image: {word}:1.2.3-alpine"),
    NegativeKind(
      "git tools", "git@github.com:{word}/{word}.git", "origin\tgit@github.com:a/b.git (fetch)",
      "git clone ssh://git@git.example.com/a/b.git",
      "https://github.com/{word}/{word}/pull/{int:1-999}",
      "https://github.com/a/b/blob/{hex:40}/src/token.ts#L{int:1-99}",
      "diff --git a/src/password.py b/src/password.py", "+++ b/tests/test_token.py",
      "@@ -{int:1-99},7 +{int:1-99},9 @@ def login(password):",
      " 3 files changed, 12 insertions(+), 4 deletions(-)", "+{digits:3} -{digits:2}",
      "* branch  feature/api-key-rotation -> FETCH_HEAD"),
    NegativeKind(
      "paths", "/home/{user}/.ssh/id_rsa.pub", "/usr/lib/python3.11/site-packages/{word}/token.py",
      "src/auth/password-reset.component.ts",
      "C:\\Users\\{user}\\AppData\\Local\\Temp\\{alnum:8}", "/tmp/tmp{lowalnum:8}/out.json",
      "~/.cache/huggingface/hub/models--{word}/snapshots/{hex:40}",
      "node_modules/.pnpm/@babel+core@7.23.0/node_modules", "/proc/{int:1-9999}/fd/{int:1-99}",
      "/var/run/secrets/kubernetes.io/serviceaccount/token",
      "file:///app/secrets.yaml", "s3://{word}-bucket/key/{uuid}.json", "./keys/{word}.pem",
      "/nix/store/{lowalnum:32}-{word}"),
    NegativeKind(
      "logs", "{time} INFO auth: token refreshed for user {int:1-999}",
      "{time} WARN rate limit for key id {int:1-99}",
      "sshd[{int:100-9999}]: Failed password for root from {ip} port 5{digits:4} ssh2",
      "{ip} - - \"POST /password HTTP/1.1\" 200 {int:1-999}",
      "level=info msg=\"secret rotated\" name={word}", "[auth] password changed",
      "kernel: usb 1-1: New USB device, idVendor=0{hex:3}",
      "DEBUG token=3 kind=IDENT", "worker pid={int:100-9999} key={word}", "cookie accepted",
      "GET /api/tokens/{int:1-99} 204",
      "{time} ERROR password authentication failed for user \"app\"",
      "loaded 3 secrets from vault path secret/{word}"),
    NegativeKind(
      "ids of agents", "task-{hex:8}", "task-{lowalnum:24}", "risk-{int:1-99}", "desk-{word}",
      "disk-{uuid}", "ask-{word}-{word}", "mask-{hex:32}",
      "task_{alnum:24}", "flask-{word}-{lowalnum:20}", "brisk-{word}-service-{lowalnum:10}",
      "key-value", "key-{word}-{word}", "pk-{word}",
      "sk-{word}", "sk-SK", "sk_SK.UTF-8", "whisk-{lowalnum:32}", "hf_{word}", "AIza", "xai-{word}",
      "npm_config_cache=/root/.npm",
      "npm_package_json=/app/package.json", "npm_lifecycle_script=node", "key_{word}",
      "re_{word}_{word}", "gsk_{word}", "pat-{word}", "re_compile_pattern",
      "dp.{word}.{word}", "pa-{word}", "fc-cache", "fc-list", "md-{word}", "fw_{word}_version",
      "sl.{word}", "st.session_state", "s.{word}"),
  ]
}
