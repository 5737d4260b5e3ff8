// Hansard
// SPDX-License-Identifier: Apache-2.0

// Chat, mail, monitoring and the tools of an office.

extension SecretKind {
  static let messaging: [SecretKind] = [
    .token(
      "slack_bot", "xoxb-{digits:12}-{digits:13}-{alnum:24}", "xoxb-{digits:11}-{alnum:24}"),
    .token(
      "slack_user", "xoxp-{digits:12}-{digits:12}-{digits:13}-{hex:32}",
      "xoxs-{digits:10}-{digits:11}-{digits:11}-{hex:10}"),
    .token("slack_workspace", "xoxa-2-{alnum:36}", "xoxr-{alnum:40}"),
    .token("slack_app", "xapp-1-A{upalnum:10}-{digits:13}-{hex:64}"),
    .token("slack_config", "xoxe.xoxp-1-{alnum:164}", "xoxe-1-{alnum:146}"),
    .token("slack_browser", "xoxc-{digits:12}-{digits:12}-{digits:13}-{hex:64}"),
    .token("slack_cookie", "xoxd-{alnum:80}%2B{alnum:40}%3D%3D"),
    .fragment(
      "slack_webhook",
      "‹https://hooks.slack.com/services/T{upalnum:10}/B{upalnum:10}/«{alnum:24}»›",
      "‹https://hooks.slack.com/workflows/T{upalnum:8}/A{upalnum:10}/{digits:18}/«{alnum:24}»›"),
    .made("discord_bot", prefix: "") { forge in
      SampleForge.base64URL(forge.fill("{int:1-9}{digits:17}")) + "."
        + forge.fill("{b64url:6}.{b64url:38}")
    },
    .made("discord_bot_long", prefix: "") { forge in
      SampleForge.base64URL(forge.fill("1{digits:18}")) + "." + forge.fill("{b64url:6}.{b64url:38}")
    },
    .token("discord_mfa", "mfa.{b64url:84}"),
    .fragment(
      "discord_webhook", "‹https://discord.com/api/webhooks/1{digits:18}/«{b64url:68}»›",
      "‹https://discordapp.com/api/webhooks/{int:1-9}{digits:17}/«{b64url:68}»›"),
    .token(
      "telegram_bot", "{int:1-9}{digits:9}:AA{b64url:33}", "{int:1-9}{digits:7}:AA{b64url:33}"),
    .fragment(
      "teams_webhook",
      "‹https://corp{lower:4}.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/"
        + "«{hex:32}»/{uuid}›"),
    .token("twilio_api_key", "SK{hex:32}"),
    .fragment(
      "twilio_auth", "TWILIO_AUTH_TOKEN=«{hex:32}»",
      "client = Client(account_sid, auth_token=\"«{hex:32}»\")"),
    .token("sendgrid", "SG.{b64url:22}.{b64url:43}"),
    .token("mailgun", "key-{hex:32}"),
    .fragment("mailgun_new", "MAILGUN_API_KEY=«{hex:32}-{hex:8}-{hex:8}»"),
    .token("mailchimp", "{hex:32}-us{int:1-21}"),
    .token("mandrill", "md-{b64url:22}"),
    .token("brevo", "xkeysib-{hex:64}-{alnum:16}", "xsmtpsib-{hex:64}-{alnum:16}"),
    .token("resend", "re_{alnum:8}_{alnum:24}"),
    .token("mailersend", "mlsn.{hex:64}"),
    .token("facebook", "EAACEdEose0cBA{alnum:150}", "EAAM{alnum:170}"),
    .token("twitter_bearer", "AAAAAAAAAAAAAAAAAAAAA{alnum:40}%3D{alnum:40}"),
  ]

  static let monitoring: [SecretKind] = [
    .made("grafana_legacy", prefix: "") { forge in
      forge.base64JSON(#"{"k":"{alnum:32}","n":"{word}-{word}","id":{int:1-9}}"#)
    },
    .token("grafana_service_account", "glsa_{alnum:32}_{hex:8}"),
    .made("grafana_cloud", prefix: "glc_") { forge in
      "glc_" + forge.base64JSON(#"{"o":"{digits:6}","n":"{word}","k":"{alnum:24}","m":{"r":"us"}}"#)
    },
    .made("sentry_organization", prefix: "sntrys_") { forge in
      "sntrys_"
        + forge.base64JSON(
          #"{"iat":1716{digits:6}.{digits:6},"url":"https://sentry.io","region_url":"#
            + #""https://us.sentry.io","org":"{word}"}"#) + "_" + forge.fill("{b64:43}")
    },
    .token("sentry_user", "sntryu_{hex:64}", "sntrya_{hex:64}"),
    .token("new_relic", "NRAK-{upalnum:27}", "NRII-{b64url:32}"),
    .token("new_relic_license", "{hex:36}NRAL"),
    .token(
      "dynatrace", "dt0c01.{upalnum:24}.{upalnum:64}", "dt0s01.{upalnum:24}.{upalnum:64}",
      "dt0s16.{upalnum:8}.{upalnum:64}"),
    .fragment(
      "datadog", "DD_API_KEY=«{hex:32}»", "DD_APP_KEY=«{hex:40}»", "DD-API-KEY: «{hex:32}»"),
    .token("posthog_personal", "phx_{alnum:43}"),
    .token("launchdarkly", "sdk-{uuid}"),
    .token("honeycomb", "hcaik_01{lowalnum:24}{lowalnum:32}"),
    .fragment("snyk", "SNYK_TOKEN=«{uuid}»"),
    .fragment("codecov", "CODECOV_TOKEN=«{uuid}»"),
  ]

  static let office: [SecretKind] = [
    .token("hansard", "hsd_{hex:32}_{b64url:43}", "hst_{hex:32}_{b64url:43}"),
    .token("notion", "ntn_{digits:11}{alnum:35}", "secret_{alnum:43}"),
    .token("linear", "lin_api_{alnum:40}", "lin_oauth_{hex:64}"),
    .token("postman", "PMAK-{hex:24}-{hex:34}"),
    .token("airtable", "pat{alnum:14}.{hex:64}"),
    .token("figma", "figd_{b64url:40}"),
    .token("hubspot", "pat-na1-{uuid}", "pat-eu1-{uuid}"),
    .token("clickup", "pk_{digits:8}_{upalnum:32}"),
    .token("trello", "ATTA{hex:64}{HEX:8}"),
    .token("asana", "2/{digits:16}/{digits:16}:{hex:32}", "1/{digits:16}:{hex:32}"),
    .token("typeform", "tfp_{alnum:44}_{alnum:14}"),
    .token("dropbox", "sl.{b64url:135}", "sl.u.{b64url:160}"),
    .token("contentful", "CFPAT-{b64url:43}"),
    .token("frame_io", "fio-u-{b64url:64}"),
    .token("mapbox_secret", "sk.eyJ1Ijoi{alnum:60}.{b64url:22}"),
    .token("maxmind", "{alnum:6}_{alnum:29}_mmk"),
    .token("adobe", "p8e-{lowalnum:32}"),
    .fragment("zapier_hook", "‹https://hooks.zapier.com/hooks/catch/{digits:7}/«{lowalnum:7}»/›"),
    .fragment("algolia", "ALGOLIA_ADMIN_API_KEY=«{hex:32}»"),
  ]
}
