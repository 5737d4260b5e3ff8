// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SecretFamilies {
  /// Clouds.
  static let clouds = [
    SecretFamily(
      "aws_access_key_id", "AKIA{upperalnum:16}", "ASIA{upperalnum:16}", "ABIA{upperalnum:16}",
      "ACCA{upperalnum:16}"),
    SecretFamily(
      "aws_secret_key",
      .announced(
        by: [
          "aws", "secret_access", "secretaccess", "secret_key", "secretkey", "secret key",
          "secret access",
        ], within: 80, .base64, 40...40, .mixed)),
    SecretFamily("aws_bedrock_key", "ABSK{b64:100+}", "bedrock-api-key-{b64:100+}"),
    SecretFamily(
      "aws_session_token",
      .announced(
        by: ["session_token", "sessiontoken", "security_token", "security-token"], .base64,
        100...4096, .mixed)),
    SecretFamily("aws_mws_token", "amzn.mws.{uuid:36}"),
    SecretFamily("google_api_key", "AIza{b64url:35+}"),
    SecretFamily("google_api_key", .mixed, "AQ.Ab{b64url:40+}"),
    SecretFamily(
      "google_oauth", "ya29.{unreserved:30+}", "GOCSPX-{b64url:24+}", "{digit:1}//0{b64url:40+}"),
    SecretFamily("firebase_key", "{b64url:11-22}:APA91b{b64url:100+}"),
    SecretFamily(
      "azure_client_secret", .mixed, "{unreserved:3}7Q~{unreserved:31}",
      "{unreserved:3}8Q~{unreserved:34}"),
    SecretFamily(
      "azure_storage_key", "AccountKey=|{b64:60+}", "SharedAccessKey=|{b64:40+}",
      "{b64:76}+ASt{b64:6}"),
    SecretFamily("azure_devops_token", "{alnum:76}AZDO{alnum:4}"),
    SecretFamily("azure_function_key", "{b64url:40-44}AzFu{b64url:8}"),
    SecretFamily(
      "azure_search_key", "{alnum:42}AzSe{alnum:6}", "{alnum:33}JQQJ{alnum:47}",
      "{alnum:42}ACDB{alnum:6}"),
    SecretFamily("alibaba_key", "LTAI{alnum:12-30}"),
    SecretFamily("tencent_key", .mixed, "AKID{alnum:32}"),
    SecretFamily("ibm_key", .announced(by: ["ibm", "bluemix"], .base64URL, 44...44, .mixed)),
    SecretFamily(
      "digitalocean_token", "dop_v1_{lowerhex:64}", "doo_v1_{lowerhex:64}", "dor_v1_{lowerhex:64}",
      "DO00{upperalnum:16}"),
    SecretFamily(
      "cloudflare_token",
      .shaped(
        "v1.0-{lowerhex:24}-{lowerhex:146}", "cfut_{alnum:40+}", "cfat_{alnum:40+}",
        "cfk_{alnum:40+}"),
      .announced(by: ["cloudflare", "cf_api", "cf_token"], .base64URL, 40...40),
      .announced(by: ["cloudflare", "cf_api"], .lowerHex, 37...37)),
    SecretFamily("linode_token", .announced(by: ["linode"], .lowerHex, 64...64)),
    SecretFamily("hetzner_token", .announced(by: ["hcloud", "hetzner"], .alnum, 64...64)),
    SecretFamily("scaleway_key", "SCW{upperalnum:17}"),
    SecretFamily(
      "yandex_key", "AQVN{b64url:35-38}", "YCAJE{b64url:20}", "y0_{b64url:50+}",
      "t1.{b64url:20+}.{b64url:80+}"),
  ]
}
