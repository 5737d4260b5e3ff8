// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SecretFamilies {
  /// Messages, mail and telephones.
  static let messaging = [
    SecretFamily(
      "slack_token", "xoxb-{alnum:8+}-{b64url:10+}", "xoxp-{alnum:8+}-{b64url:10+}",
      "xoxa-{b64url:30+}", "xoxr-{b64url:30+}",
      "xoxs-{alnum:8+}-{b64url:10+}", "xoxo-{alnum:8+}-{b64url:10+}",
      "xoxc-{alnum:8+}-{b64url:10+}", "xoxd-{percent:20+}", "xoxe.xoxb-{b64url:20+}",
      "xoxe.xoxp-{b64url:20+}", "xoxe-{b64url:20+}", "xapp-{digit:1+}-{alnum:8+}-{b64url:20+}",
      "xwfp-{alnum:8+}-{b64url:20+}"),
    SecretFamily(
      "slack_webhook", "hooks.slack.com/services/T{alnum:8+}/B{alnum:8+}/{alnum:20+}",
      "hooks.slack.com/workflows/T{alnum:8+}/A{alnum:8+}/{digit:8+}/{alnum:20+}",
      "hooks.slack.com/triggers/T{alnum:8+}/{digit:8+}/{alnum:20+}"),
    SecretFamily(
      "discord_token", .mixed, "MT{b64url:22-26}.{b64url:6}.{b64url:27-40}",
      "Mj{b64url:22-26}.{b64url:6}.{b64url:27-40}", "Mz{b64url:22-26}.{b64url:6}.{b64url:27-40}",
      "ND{b64url:22-26}.{b64url:6}.{b64url:27-40}", "NT{b64url:22-26}.{b64url:6}.{b64url:27-40}",
      "Nj{b64url:22-26}.{b64url:6}.{b64url:27-40}", "Nz{b64url:22-26}.{b64url:6}.{b64url:27-40}",
      "OD{b64url:22-26}.{b64url:6}.{b64url:27-40}", "OT{b64url:22-26}.{b64url:6}.{b64url:27-40}",
      "mfa.{b64url:84}"),
    SecretFamily(
      "discord_webhook", "discord.com/api/webhooks/{digit:17-20}/{b64url:60+}",
      "discordapp.com/api/webhooks/{digit:17-20}/{b64url:60+}"),
    SecretFamily(
      "teams_webhook",
      "{b64url:1-63}.webhook.office.com/webhookb2/{uuid:36}@{uuid:36}/IncomingWebhook/{hex:32}"
        + "/{uuid:36}[/{b64url:10+}]"),
    SecretFamily("telegram_token", "{digit:8-10}:AA{b64url:32-34}"),
    SecretFamily("sendgrid_key", "SG.{b64url:20-24}.{b64url:39-50}"),
    SecretFamily(
      "twilio_key",
      .shaped("SK{lowerhex:32}"),
      .announced(by: ["twilio", "auth_token", "authtoken"], .lowerHex, 32...32)),
    SecretFamily(
      "mailgun_key",
      .shaped("key-{lowerhex:32}"), .announced(by: ["mailgun"], .uuid, 50...50)),
    SecretFamily("mailchimp_key", "{lowerhex:32}-us{digit:1-2}"),
    SecretFamily(
      "brevo_key", "xkeysib-{lowerhex:64}-{alnum:16}", "xsmtpsib-{lowerhex:64}-{alnum:16}"),
    SecretFamily("postmark_token", .announced(by: ["postmark"], .uuid, 36...36)),
    SecretFamily("resend_key", .digitAndLetter, "re_{alnum:8+}_{alnum:20+}"),
    SecretFamily("facebook_token", .mixed, "EAA{alnum:80+}"),
    SecretFamily("twitter_bearer", .mixed, "AAAAAAAAAAAAAAAAAAAAA{percent:60+}"),
    SecretFamily("mandrill_key", .mixed, "md-{b64url:22}"),
    SecretFamily("mailersend_key", "mlsn.{lowerhex:64}"),
    SecretFamily("line_token", .announced(by: ["line_channel"], .base64, 150...200, .mixed)),
  ]

  /// Payments and shops.
  static let commerce = [
    SecretFamily(
      "stripe_key", "sk_live_{alnum:16+}", "sk_test_{alnum:16+}", "rk_live_{alnum:16+}",
      "rk_test_{alnum:16+}", "sk_prod_{alnum:16+}", "rk_prod_{alnum:16+}", "sk_org_live_{alnum:16+}"
    ),
    SecretFamily("stripe_webhook_secret", "whsec_{b64:24+}"),
    SecretFamily(
      "square_token", "sq0atp-{b64url:22}", "sq0csp-{b64url:43}", "sq0idp-{b64url:22}",
      "EAAA{b64url:60}"),
    SecretFamily(
      "shopify_token", "shpat_{hex:32}", "shpca_{hex:32}", "shppa_{hex:32}", "shpss_{hex:32}",
      "shptka_{hex:32}", "shpua_{hex:32}"),
    SecretFamily(
      "paypal_token", "access_token$production${loweralnum:16}${lowerhex:32}",
      "access_token$sandbox${loweralnum:16}${lowerhex:32}"),
    SecretFamily(
      "plaid_token", "access-sandbox-{uuid:36}", "access-production-{uuid:36}",
      "access-development-{uuid:36}"),
    SecretFamily("razorpay_key", "rzp_live_{alnum:14}", "rzp_test_{alnum:14}"),
    SecretFamily("flutterwave_key", "FLWSECK-{alnum:32}-X", "FLWSECK_TEST-{alnum:32}-X"),
    SecretFamily("easypost_key", "EZAK{alnum:54}", "EZTK{alnum:54}"),
    SecretFamily("shippo_token", "shippo_live_{hex:40}", "shippo_test_{hex:40}"),
    SecretFamily("adyen_key", "AQE{alnum:2}hm{b64:60+}"),
    SecretFamily("mollie_key", "{word:0}live_{alnum:30}", "{word:0}test_{alnum:30}"),
    SecretFamily("duffel_token", "duffel_live_{b64url:43}", "duffel_test_{b64url:43}"),
  ]

  /// Logs, metrics and errors.
  static let observability = [
    SecretFamily("grafana_token", "glc_{b64:32+}", "glsa_{alnum:32}_{hex:8}", "eyJrIjoi{b64:40+}"),
    SecretFamily(
      "sentry_token", "sntrys_eyJ{b64:40+}[_{b64:20+}]", "sntryu_{lowerhex:64}",
      "sntrya_{lowerhex:64}"),
    SecretFamily(
      "newrelic_key",
      .shaped(
        "NRAK-{upperalnum:27}", "NRJS-{lowerhex:19}", "NRAA-{lowerhex:27}", "NRII-{b64url:32}",
        "NRIQ-{b64url:32}", "NRRA-{lowerhex:42}", "{lowerhex:36}NRAL", "{alnum:32}FFFFNRAL")),
    SecretFamily(
      "dynatrace_token", "dt0c01.{upperalnum:24}.{upperalnum:64}",
      "dt0s16.{upperalnum:8-24}.{upperalnum:64}", "dt0s01.{upperalnum:8-24}.{upperalnum:64}",
      "dt0s02.{upperalnum:8-24}.{upperalnum:64}"),
    SecretFamily(
      "datadog_key",
      .announced(by: ["datadog", "dd_api", "dd-api"], .lowerHex, 32...32),
      .announced(by: ["datadog", "dd_app", "dd-app"], .lowerHex, 40...40),
      .shaped("ddapp_{alnum:34}", "pub{lowerhex:32}")),
    SecretFamily(
      "honeycomb_key", "hcaik_{loweralnum:58}", "hcxik_{loweralnum:58}", "hcxmk_{loweralnum:58}"),
    SecretFamily("pagerduty_key", "pdus+{b64:20+}", "pdeu+{b64:20+}"),
    SecretFamily("splunk_token", .announced(by: ["splunk"], .uuid, 36...36)),
    SecretFamily("axiom_token", "xaat-{uuid:36}", "xapt-{uuid:36}"),
    SecretFamily("logfire_token", "pylf_v1_{lower:2}_{alnum:40+}"),
    SecretFamily("launchdarkly_key", "sdk-{uuid:36}"),
  ]

  /// Where people work together.
  static let workplace = [
    SecretFamily(
      "atlassian_token", "ATATT3{b64url:60+}[={hex:8}]", "ATCTT3{b64url:60+}[={hex:8}]",
      "ATSTT3{b64url:60+}[={hex:8}]", "ATOA{b64url:60+}"),
    SecretFamily("notion_token", "ntn_{alnum:40+}"),
    SecretFamily("notion_token", .mixed, "secret_{alnum:43}"),
    SecretFamily("linear_key", "lin_api_{alnum:40}", "lin_oauth_{hex:40+}", "lin_wh_{alnum:20+}"),
    SecretFamily("postman_key", "PMAK-{hex:24}-{hex:34}", "PMAT-{upperalnum:26}"),
    SecretFamily("figma_token", "figd_{b64url:40+}", "figo_{b64url:40+}", "figu_{b64url:40+}"),
    SecretFamily("airtable_token", "pat{alnum:14}.{lowerhex:64}"),
    SecretFamily(
      "asana_token",
      .shaped(
        "1/{digit:13-19}:{lowerhex:32}", "2/{digit:13-19}/{digit:13-19}:{lowerhex:32}"),
      .announced(by: ["asana"], .lowerHex, 32...32)),
    SecretFamily("clickup_token", "pk_{digit:6-9}_{upperalnum:32}"),
    SecretFamily("trello_token", "ATTA{hex:64-72}"),
    SecretFamily("maxmind_key", .mixed, "{word:36}_mmk{word:0}"),
    SecretFamily("zapier_hook", "hooks.zapier.com/hooks/catch/|{digit:4-9}/{alnum:5+}"),
    SecretFamily("dropbox_token", .mixed, "sl.u.{b64url:100+}", "sl.{b64url:100+}"),
    SecretFamily("typeform_token", "tfp_{unreserved:40+}"),
    SecretFamily("contentful_token", "CFPAT-{b64url:43}"),
    SecretFamily("readme_key", "rdme_{loweralnum:70}"),
    SecretFamily("okta_token", .announced(by: ["okta", "ssws"], .base64URL, 42...42, .mixed)),
    SecretFamily("mapbox_token", "sk.eyJ{b64url:60+}.{b64url:22+}"),
    SecretFamily("frameio_token", "fio-u-{b64url:64}"),
    SecretFamily("hubspot_token", "pat-na1-{uuid:36}", "pat-na2-{uuid:36}", "pat-eu1-{uuid:36}"),
    SecretFamily("intercom_token", .announced(by: ["intercom"], .base64, 60...60, .mixed)),
    SecretFamily("adobe_secret", "p8e-{alnum:32}", "p8-{b64url:32}"),
    SecretFamily("salesforce_token", "{alnum:15-18}!AQ{unreserved:80+}"),
  ]

  /// Not of one issuer.
  static let formats = [
    SecretFamily(
      "jwt", "eyJ{b64url:9+}.eyJ{b64url:9+}.{b64url:0+}",
      "eyJ{b64url:9+}.{b64url:0+}.{b64url:10+}.{b64url:10+}.{b64url:10+}"),
    SecretFamily(
      "hansard_key", "hsd_{b64url:20+}_{b64url:20+}", "hsd_{b64url:60+}",
      "hst_{b64url:20+}_{b64url:20+}", "hst_{b64url:60+}"),
    SecretFamily(
      "session_cookie", "PHPSESSID=|{alnum:20+}", "JSESSIONID=|{alnum:20+}",
      "session=|{hex:32+}", "sessionid=|{alnum:24+}", "connect.sid=|{percent:30+}",
      "ASP.NET_SessionId=|{alnum:20+}"),
    SecretFamily("putty_private_key", "Private-MAC: |{hex:40+}"),
  ]
}
