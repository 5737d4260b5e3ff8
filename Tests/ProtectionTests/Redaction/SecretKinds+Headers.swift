// Hansard
// SPDX-License-Identifier: Apache-2.0

// Secrets known by where they stand: headers, URLs, connection strings.

extension SecretKind {
  static let headers: [SecretKind] = [
    .fragment(
      "authorization_bearer",
      "Authorization: ‹Bearer «{b64url:40}»›",
      "authorization: ‹bearer «{hex:64}»›",
      "curl -H 'Authorization: ‹Bearer «{alnum:32}»›' https://api.example.com/v1/me",
      #"  "Authorization": "‹Bearer «{b64url:48}»›","#,
      "headers = {'Authorization': '‹Bearer «{alnum:36}»›', 'Accept': '*/*'}",
      "> Authorization: ‹Bearer «{b64url:43}»›",
      "fetch(url, { headers: { Authorization: `‹Bearer «{alnum:40}»›` } })"),
    .fragment(
      "authorization_basic",
      "Authorization: ‹Basic «{b64:28}»›",
      "curl -H \"Authorization: ‹Basic «{b64:30}==»›\" https://jira.example.com/rest/api/2/myself",
      "Proxy-Authorization: ‹Basic «{b64:22}==»›"),
    .fragment(
      "authorization_other",
      "Authorization: ‹token «{hex:40}»›",
      "Authorization: ‹ApiKey «{b64:56}==»›",
      "Authorization: ‹SSWS «00{b64url:40}»›",
      "Authorization: «{hex:40}»",
      "Authorization: ‹AWS4-HMAC-SHA256 Credential={base32:20}/20250101/us-east-1/s3/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=«{hex:64}»›"),
    .fragment(
      "api_key_header",
      "X-Api-Key: «{alnum:40}»", "x-api-key: «{hex:32}»",
      "curl -s -H \"X-API-Key: «{alnum:32}»\" https://api.example.com/v2/items",
      "X-Vault-Token: «{alnum:26}»", "PRIVATE-TOKEN: «{b64url:20}»",
      "X-Auth-Token: «{hex:32}»", "X-Amz-Security-Token: «{b64:200}==»",
      "X-Goog-Api-Key: «{b64url:39}»", "Ocp-Apim-Subscription-Key: «{hex:32}»",
      "X-Figma-Token: «{alnum:40}»", "X-Postmark-Server-Token: «{uuid}»",
      "'X-Api-Key': '«{alnum:28}»',"),
    .fragment(
      "cookie",
      "Cookie: ‹session=«{hex:32}»›", "Cookie: ‹sid=«s%3A{b64url:32}.{b64url:43}»; theme=dark›",
      "Set-Cookie: ‹sessionid=«{lowalnum:32}»; Path=/; HttpOnly; Secure›",
      "curl -b '‹PHPSESSID=«{lowalnum:26}»›' https://app.example.com/account",
      "curl --cookie \"‹auth=«{b64url:44}»›\" https://app.example.com/account",
      "curl 'https://app.example.com/' -H 'Cookie: ‹_ga=GA1.2.{digits:9}; "
        + "_gitlab_session=«{hex:32}»›'"),
  ]

  static let urls: [SecretKind] = [
    .fragment(
      "url_password",
      "postgres://app:«{alnum:16}»@db.internal:5432/app",
      "postgresql://svc_{lower:4}:«{alnum:20}»@10.2.3.4/orders?sslmode=require",
      "mysql+pymysql://root:«{alnum:12}»@localhost:3306/shop",
      "mongodb+srv://admin:«{alnum:18}»@cluster0.{lowalnum:5}.mongodb.net/?retryWrites=true",
      "redis://:«{alnum:24}»@cache.internal:6379/0",
      "amqps://{word}:«{alnum:32}»@hornet.rmq.cloudamqp.com/{word}",
      "https://deploy:«{alnum:20}»@git.example.com/team/app.git",
      "ftp://{user}:«{alnum:10}»@files.example.com/pub",
      "smtp://mailer:«{alnum:14}»@smtp.example.com:587",
      "clickhouse://default:«{alnum:14}%40{alnum:3}»@ch.internal:9000/default",
      "http://{user}:«{alnum:9}»@proxy.example.com:3128"),
    .fragment(
      "url_token_user",
      "git clone https://oauth2:«{alnum:26}»@gitlab.example.com/team/app.git",
      "git remote set-url origin https://x-access-token:«{alnum:40}»@github.com/a/b.git"),
    .fragment(
      "url_query",
      "GET /v1/items?access_token=«{alnum:40}»&page=2 HTTP/1.1",
      "https://api.example.com/v1/weather?q=Paris&api_key=«{hex:32}»",
      "https://api.example.com/v1/weather?apikey=«{alnum:24}»&q=Rome",
      "https://hooks.example.com/in?token=«{b64url:32}»",
      "https://api.example.com/cb?client_id=web&client_secret=«{alnum:40}»&grant=x",
      "wss://stream.example.com/ws?auth_token=«{b64url:43}»#top",
      "https://bucket.s3.amazonaws.com/a.zip?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&"
        + "X-Amz-Signature=«{hex:64}»"),
    .fragment(
      "connection_string",
      "Server=tcp:db.example.com,1433;Database=app;User Id=sa;Password=«{alnum:16}»;Encrypt=True;",
      "Data Source=db01;Initial Catalog=shop;User ID=web;Pwd=«{alnum:14}»;",
      "jdbc:postgresql://db:5432/app?user=app&password=«{alnum:16}»",
      "jdbc:sqlserver://db:1433;databaseName=app;user=sa;password=«{alnum:16}»;encrypt=true",
      "host=db.internal port=5432 user=app password=«{alnum:18}» dbname=app",
      "Driver={ODBC Driver 18 for SQL Server};Server=db;UID=sa;PWD=«{alnum:15}»;"),
  ]

  /// Every structured family.
  static let all: [SecretKind] =
    hosting + registries + platforms + clouds + models + payments + messaging + monitoring + office
    + privateKeys + keys + headers + urls
}
