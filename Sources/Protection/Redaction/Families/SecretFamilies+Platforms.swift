// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SecretFamilies {
  /// Platforms that run code and data.
  static let platforms = [
    SecretFamily("terraform_token", "{alnum:14}.atlasv1.{b64url:60+}"),
    SecretFamily("databricks_token", "dapi{lowerhex:32}[-{digit:1-2}]", "dose{lowerhex:32}"),
    SecretFamily(
      "heroku_key", .shaped("HRKU-{b64url:36+}"), .announced(by: ["heroku"], .uuid, 36...36)),
    SecretFamily("pulumi_token", "pul-{lowerhex:40}"),
    SecretFamily(
      "planetscale_token", "pscale_tkn_{unreserved:32+}", "pscale_pw_{unreserved:32+}",
      "pscale_oauth_{unreserved:32+}"),
    SecretFamily(
      "supabase_key", "sbp_{lowerhex:40}", "sbp_oauth_{lowerhex:40}", "sb_secret_{b64url:22+}"),
    SecretFamily("neon_key", "napi_{alnum:60+}"),
    SecretFamily("netlify_token", "nfp_{alnum:36}", "nfc_{alnum:36}", "nfo_{alnum:36}"),
    SecretFamily(
      "vercel_token", "vcp_{alnum:24+}", "vca_{alnum:24+}", "vci_{alnum:24+}", "vck_{alnum:24+}"),
    SecretFamily(
      "fly_token", "fo1_{b64url:43}", "fm1a_{b64:100+}", "fm1r_{b64:100+}", "fm2_{b64:100+}"),
    SecretFamily("render_key", "rnd_{alnum:28+}"),
    SecretFamily("railway_token", .announced(by: ["railway"], .uuid, 36...36)),
    SecretFamily(
      "tailscale_key", "tskey-{lower:2-12}-{alnum:10+}[-{alnum:10+}]",
      "tskey-{alnum:16+}-{alnum:16+}"),
    SecretFamily("fastly_token", .announced(by: ["fastly"], .base64URL, 32...32)),
    SecretFamily("openshift_token", "sha256~{b64url:43}"),
    SecretFamily("prefect_key", "pnu_{alnum:36}", "pnb_{alnum:36}"),
    SecretFamily("upstash_token", .announced(by: ["upstash"], .base64, 50...80, .mixed)),
    SecretFamily("confluent_secret", .announced(by: ["confluent"], .base64, 64...64, .mixed)),
    SecretFamily("akamai_token", "akab-{loweralnum:16}-{loweralnum:16}"),
    SecretFamily("aiven_password", .mixed, "AVNS_{b64url:15-40}"),
    SecretFamily("scalingo_token", .mixed, "tk-us-{b64url:48}"),
    SecretFamily("clickhouse_key", .notHex, "4b1d{alnum:38}"),
    SecretFamily("defined_networking_key", "dnkey-{b64url:79}"),
  ]

  /// What keeps other secrets.
  static let vaults = [
    SecretFamily("vault_token", "hvs.{b64url:24+}", "hvb.{b64url:90+}", "hvr.{b64url:90+}"),
    SecretFamily("vault_token", .mixed, "s.{alnum:24}", "b.{alnum:24}"),
    SecretFamily(
      "doppler_token", "dp.pt.{alnum:40+}", "dp.ct.{alnum:40+}", "dp.sa.{alnum:40+}",
      "dp.scim.{alnum:40+}", "dp.audit.{alnum:40+}", "dp.st.{b64url:40+}",
      "dp.st.{b64url:2-39}.{alnum:40+}", "dp.said.{unreserved:20+}"),
    SecretFamily(
      "onepassword_secret", "ops_eyJ{b64:100+}",
      "A3-{upperalnum:6}-{upperalnum:6}-{upperalnum:5}-{upperalnum:5}-{upperalnum:5}"
        + "[-{upperalnum:5}]",
      "A3-{upperalnum:6}-{upperalnum:11}-{upperalnum:5}-{upperalnum:5}-{upperalnum:5}"),
    SecretFamily("infisical_token", "st.{lowerhex:24}.{lowerhex:32}.{lowerhex:32}"),
    SecretFamily("age_secret_key", "AGE-SECRET-KEY-1{upperalnum:58}"),
  ]
}
