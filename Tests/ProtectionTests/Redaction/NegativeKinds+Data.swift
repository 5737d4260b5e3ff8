// Hansard
// SPDX-License-Identifier: Apache-2.0

// Identifiers, digests and other long strings that mean nothing to anybody.

extension NegativeKind {
  static let identifiers: [NegativeKind] = [
    NegativeKind(
      "uuid", "{uuid}", "{UUID}", "request {uuid} took {int:1-900} ms", "urn:uuid:{uuid}"),
    NegativeKind("ulid", "01{upalnum:24}", "{base32:26}"),
    NegativeKind(
      "git", "{hex:40}", "{hex:7}", "commit {hex:40}\nAuthor: A <a>\n",
      "index {hex:7}..{hex:7} 100644",
      "{hex:7} Fix {word}", "HEAD is now at {hex:7} Merge {word}", "{hex:40}\trefs/heads/{word}",
      "tree {hex:40}\nparent {hex:40}", "From {hex:40} Mon Sep 17 00:00:00 2001"),
    NegativeKind(
      "trace", "00-{hex:32}-{hex:16}-01", "traceparent: 00-{hex:32}-{hex:16}-01",
      "trace_id={hex:32} span_id={hex:16}", "X-Amzn-Trace-Id: Root=1-{hex:8}-{hex:24}",
      "x-request-id: {uuid}", "CF-RAY: {hex:16}-AMS", #""traceId":"{hex:32}","spanId":"{hex:16}""#),
    NegativeKind(
      "number", "{digits:10}", "1{digits:12}", "17{digits:17}", "1{digits:18}", "order {digits:12}",
      "0.{digits:16}", "-{int:1-89}.{digits:15}", "{int:1-9}.{digits:14}e-{int:1-9}",
      "[0.{digits:17}, -0.{digits:16}, 0.{digits:18}]", "tweet 1{digits:18}", "id={digits:8}"),
    NegativeKind(
      "time", "{time}", "2025-01-0{int:1-9}T10:00:00+0{int:0-9}:00", "17{digits:8}",
      "17{digits:11}",
      "17{digits:14}", "[0{int:1-9}/Mar/2025:1{int:0-9}:10:11 +0200]"),
    NegativeKind(
      "network", "{ip}", "{ip}:8080", "2001:db8:{hex:4}:{hex:4}::{hex:4}",
      "fe80::{hex:4}:{hex:2}ff:fe{hex:2}:{hex:4}",
      "{hex:2}:{hex:2}:{hex:2}:{hex:2}:{hex:2}:{hex:2}",
      "tcp 0 0 {ip}:22 {ip}:5{digits:4} ESTABLISHED",
      "inet {ip}/24 brd 10.0.0.255", "http://{ip}:9200/_cat/indices"),
    NegativeKind(
      "cloud resource", "arn:aws:s3:::{word}-{word}-logs", "arn:aws:iam::{digits:12}:role/{word}",
      "arn:aws:secretsmanager:us-east-1:{digits:12}:secret:{word}-{alnum:6}", "i-0{hex:16}",
      "vpc-{hex:8}", "subnet-0{hex:16}", "sg-0{hex:16}", "ami-0{hex:16}",
      "{word}-{hex:10}-{lowalnum:5}",
      "projects/{word}/secrets/{word}/versions/latest",
      "/subscriptions/{uuid}/resourceGroups/{word}/providers/Microsoft.KeyVault/vaults/{word}",
      "https://{word}.vault.azure.net/secrets/{word}",
      "{digits:12}.dkr.ecr.us-east-1.amazonaws.com/{word}"),
    NegativeKind(
      "service id", "chatcmpl-{alnum:29}", "msg_01{alnum:22}", "toolu_01{alnum:22}",
      "call_{alnum:24}",
      "run_{alnum:24}", "asst_{alnum:24}", "thread_{alnum:24}", "file-{alnum:24}", "resp_{hex:48}",
      "cus_{alnum:14}", "price_{alnum:24}", "pi_{alnum:24}", "evt_{alnum:24}", "prod_{alnum:14}",
      "U0{upalnum:9}", "C0{upalnum:9}", "ts={digits:10}.{digits:6}", "session_{alnum:20}",
      "fp_{hex:10}",
      "gen-{digits:10}-{alnum:20}", "req_{hex:32}", "srvtoolu_01{alnum:22}", "batch_{hex:24}"),
    NegativeKind(
      "public client key", "pk_live_{alnum:24}", "pk_test_51{alnum:97}",
      "sb_publishable_{b64url:22}_{b64url:8}",
      "G-{upalnum:10}", "UA-{digits:8}-1", "GTM-{upalnum:7}", "ca-pub-{digits:16}",
      "{digits:12}-{lowalnum:32}.apps.googleusercontent.com", "phc_{alnum:43}"),
  ]

  static let digests: [NegativeKind] = [
    NegativeKind(
      "lockfile", #""integrity": "sha512-{b64:86}==""#, "integrity sha512-{b64:86}==",
      "sha1-{b64:27}=",
      "golang.org/x/{word} v0.{int:1-30}.0 h1:{b64:43}=",
      "github.com/{word}/{word} v1.2.3/go.mod h1:{b64:43}=",
      #"checksum = "{hex:64}""#, "    --hash=sha256:{hex:64} \\",
      #"{file = "x.whl", hash = "sha256:{hex:64}"}"#,
      #""{word}": "npm:{word}@^{int:1-9}.2.0""#, "resolution: {integrity: sha512-{b64:86}==}",
      "  checksum: 10c0/{hex:128}", #""content-hash": "{hex:32}""#, "specs {hex:40}",
      #""resolved": "https://registry.npmjs.org/{word}/-/{word}-1.2.3.tgz#{hex:40}""#),
    NegativeKind(
      "digest", "sha256:{hex:64}", "{word}@sha256:{hex:64}", "{hex:64}  {word}.tar.gz",
      "{hex:32}  -",
      "md5: {hex:32}", "ETag: \"{hex:32}\"", "etag: W/\"{hex:20}\"", "{hex:128}", "SHA256:{b64:43}",
      "Digest: sha256:{hex:64}\nStatus: Downloaded newer image for {word}:latest", "crc32={hex:8}",
      "v2/{word}/blobs/sha256:{hex:64}", "nix/store/{lowalnum:32}-{word}-1.2"),
    NegativeKind(
      "base64", "data:image/png;base64,iVBORw0KGgo{b64:600}==",
      "data:font/woff2;base64,d09GMgABAAAAA{b64:400}=",
      "/9j/4AAQSkZJRgABAQ{b64:500}", "R0lGODlhAQABAIAAAP{b64:40}", "H4sIAAAAAAAAA{b64:300}",
      "UEsDBBQAAAAIA{b64:300}==", "{b64:76}\n{b64:76}\n{b64:40}==", "AAAAB3NzaC1yc2E{b64:300}",
      "PHN2ZyB4bWxucz{b64:300}"),
    NegativeKind(
      "minified", "!function(e,t){var n=e.{word};t.{lower:1}=n(\"{hex:6}\")}(window,{lower:2});",
      "e.exports=function(t){return t.replace(/[^a-z0-9]/gi,\"_\")},{int:1-9}:{lower:1}",
      ".{word}-{hex:5}{color:#{hex:6};background:url(/static/{word}.{hex:20}.svg)}",
      "//# sourceMappingURL=main.{hex:8}.js.map", "/static/js/{int:1-9}.{hex:8}.chunk.js",
      #""mappings":"AAAA,SAASA,EAAO{upper:3},CAAC,GAAI,{alnum:60};{alnum:40},{alnum:30}""#,
      "const t=\"{alnum:1}\",n={a:\"{alnum:22}\",b:\"{hex:32}\"};"),
  ]
}
