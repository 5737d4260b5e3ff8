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
      .announced(by: ["aws", "secret_access", "secretaccess", "secret_key", "secretkey", "secret key"], within: 80, .base64, 40...40, .mixed)),
    SecretFamily("aws_bedrock_key", "ABSK{b64:100+}", "bedrock-api-key-{b64:100+}"),
    SecretFamily(
      "aws_session_token",
      .announced(by: ["session_token", "sessiontoken", "security_token", "security-token"], .base64,
        100...4096, .mixed)),
    SecretFamily("aws_mws_token", "amzn.mws.{uuid:36}"),
    SecretFamily("google_api_key", "AIza{b64url:35+}"),
    SecretFamily(
      "google_oauth", "ya29.{token68:30+}", "GOCSPX-{b64url:24+}", "{digit:1}//0{b64url:40+}"),
    SecretFamily(
      "azure_client_secret", .mixed, "{word:3}7Q~{token68:31}", "{word:3}8Q~{token68:34}"),
    SecretFamily(
      "azure_storage_key", "AccountKey={b64:60+}", "SharedAccessKey={b64:40+}",
      "SharedAccessSignature={visible:30+}"),
    SecretFamily("azure_storage_key", "{b64:76}+ASt{b64:8}"),
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
      .shaped("v1.0-{lowerhex:24}-{lowerhex:146}", "cfut_{alnum:40+}", "cfat_{alnum:40+}",
        "cfk_{alnum:40+}"), .announced(by: ["cloudflare", "cf_api", "cf_token"], .base64URL, 40...40), .announced(by: ["cloudflare", "cf_api"], .lowerHex, 37...37)),
    SecretFamily("linode_token", .announced(by: ["linode"], .lowerHex, 64...64)),
    SecretFamily("hetzner_token", .announced(by: ["hcloud", "hetzner"], .alnum, 64...64)),
    SecretFamily("scaleway_key", "SCW{upperalnum:17}"),
    SecretFamily("yandex_key", "AQVN{b64url:35-38}", "YCAJE{b64url:20}", "y0_{b64url:55+}"),
  ]

  /// Platforms that run code and data, and that keep secrets.
  static let platforms = [
    SecretFamily(
      "vault_token", "hvs.{b64url:24+}", "hvb.{b64url:90+}", "hvr.{b64url:90+}"),
    SecretFamily("vault_token", .mixed, "s.{alnum:24}", "b.{alnum:24}"),
    SecretFamily("terraform_token", "{alnum:14}.atlasv1.{b64url:60+}"),
    SecretFamily("databricks_token", "dapi{lowerhex:32}[-{digit:1-2}]", "dose{lowerhex:32}"),
    SecretFamily(
      "heroku_key",
      .shaped("HRKU-{b64url:36+}"), .announced(by: ["heroku"], .uuid, 36...36)),
    SecretFamily(
      "doppler_token", "dp.pt.{alnum:40+}", "dp.ct.{alnum:40+}", "dp.sa.{alnum:40+}",
      "dp.scim.{alnum:40+}", "dp.audit.{alnum:40+}", "dp.st.{b64url:40+}",
      "dp.st.{b64url:2-39}.{alnum:40+}", "dp.said.{token68:20+}"),
    SecretFamily("pulumi_token", "pul-{lowerhex:40}"),
    SecretFamily(
      "planetscale_token", "pscale_tkn_{token68:32+}", "pscale_pw_{token68:32+}",
      "pscale_oauth_{token68:32+}"),
    SecretFamily("supabase_key", "sbp_{lowerhex:40}", "sbp_oauth_{lowerhex:40}", "sb_secret_{b64url:22+}"),
    SecretFamily("neon_key", "napi_{alnum:60+}"),
    SecretFamily("netlify_token", "nfp_{alnum:36}", "nfc_{alnum:36}", "nfo_{alnum:36}"),
    SecretFamily("vercel_token", "vcp_{alnum:24+}", "vca_{alnum:24+}", "vci_{alnum:24+}", "vck_{alnum:24+}"),
    SecretFamily("fly_token", "fo1_{b64url:43}", "fm1a_{b64:100+}", "fm1r_{b64:100+}", "fm2_{b64:100+}"),
    SecretFamily("render_key", "rnd_{alnum:28+}"),
    SecretFamily("railway_token", .announced(by: ["railway"], .uuid, 36...36)),
    SecretFamily(
      "tailscale_key", "tskey-{lower:2-12}-{alnum:10+}[-{alnum:10+}]", "tskey-{alnum:16+}-{alnum:16+}"),
    SecretFamily("fastly_token", .announced(by: ["fastly"], .base64URL, 32...32)),
    SecretFamily(
      "onepassword_secret", "ops_eyJ{b64:100+}",
      "A3-{upperalnum:6}-{upperalnum:6}-{upperalnum:5}-{upperalnum:5}-{upperalnum:5}",
      "A3-{upperalnum:6}-{upperalnum:11}-{upperalnum:5}-{upperalnum:5}-{upperalnum:5}"),
    SecretFamily("infisical_token", "st.{lowerhex:24}.{lowerhex:32}.{lowerhex:32}"),
    SecretFamily("openshift_token", "sha256~{b64url:43}"),
    SecretFamily("prefect_key", "pnu_{loweralnum:36}", "pnb_{loweralnum:36}"),
    SecretFamily("age_secret_key", "AGE-SECRET-KEY-1{upperalnum:58}"),
    SecretFamily("upstash_token", .announced(by: ["upstash"], .base64, 50...80, .mixed)),
    SecretFamily("confluent_secret", .announced(by: ["confluent"], .base64, 64...64, .mixed)),
    SecretFamily("akamai_token", "akab-{loweralnum:16}-{loweralnum:16}"),
  ]
}
