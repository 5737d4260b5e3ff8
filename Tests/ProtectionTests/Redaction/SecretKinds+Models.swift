// Hansard
// SPDX-License-Identifier: Apache-2.0

// Vendors of language models and what agents use around them.

extension SecretKind {
  static let models: [SecretKind] = [
    .token("openai_legacy", "sk-{alnum:20}T3BlbkFJ{alnum:20}"),
    .token(
      "openai_project", "sk-proj-{b64url:74}T3BlbkFJ{b64url:74}",
      "sk-proj-{b64url:58}T3BlbkFJ{b64url:58}", "sk-proj-{alnum:20}T3BlbkFJ{alnum:20}"),
    .token("openai_service_account", "sk-svcacct-{b64url:74}T3BlbkFJ{b64url:74}"),
    .token("openai_admin", "sk-admin-{b64url:58}T3BlbkFJ{b64url:58}"),
    .token(
      "anthropic", "sk-ant-api03-{b64url:93}AA", "sk-ant-admin01-{b64url:93}AA",
      "sk-ant-oat01-{b64url:93}AA", "sk-ant-ort01-{b64url:93}AA", "sk-ant-sid01-{b64url:86}AA"),
    .token("groq", "gsk_{alnum:20}WGdyb3FY{alnum:24}", "gsk_{alnum:52}"),
    .token("xai", "xai-{alnum:80}"),
    .token("openrouter", "sk-or-v1-{hex:64}"),
    .token("hugging_face", "hf_{alpha:34}", "api_org_{alpha:34}"),
    .token("replicate", "r8_{alnum:37}"),
    .token("perplexity", "pplx-{alnum:48}"),
    .token("deepseek", "sk-{hex:32}"),
    .token("moonshot", "sk-{alnum:48}"),
    .token("cerebras", "csk-{lowalnum:48}"),
    .token("nvidia", "nvapi-{b64url:64}"),
    .token("elevenlabs", "sk_{hex:48}"),
    .token("fireworks", "fw_{alnum:24}"),
    .token("together", "tgp_v1_{b64url:43}"),
    .token("langsmith", "lsv2_pt_{hex:32}_{hex:10}", "lsv2_sk_{hex:32}_{hex:10}"),
    .token("langfuse", "sk-lf-{uuid}"),
    .token("voyage", "pa-{b64url:43}"),
    .token("jina", "jina_{hex:32}{b64url:28}"),
    .token("tavily", "tvly-{alnum:32}", "tvly-dev-{alnum:32}"),
    .token("firecrawl", "fc-{hex:32}"),
    .token("pinecone", "pcsk_{alnum:6}_{alnum:63}"),
    .token("e2b", "e2b_{hex:40}"),
    .token("runpod", "rpa_{upalnum:40}{lowalnum:6}"),
    .token("browserbase", "bb_live_{b64url:27}"),
    .token("cursor", "key_{hex:64}", "crsr_{hex:64}"),
    .fragment("cohere", "CO_API_KEY=«{alnum:40}»", "COHERE_API_KEY: «{alnum:40}»"),
    .fragment("mistral", "MISTRAL_API_KEY=«{alnum:32}»"),
    .fragment("deepgram", "DEEPGRAM_API_KEY=«{hex:40}»", "Authorization: ‹Token «{hex:40}»›"),
    .fragment("weights_and_biases", "WANDB_API_KEY=«{hex:40}»", "wandb login --api-key «{hex:40}»"),
  ]

  static let payments: [SecretKind] = [
    .token(
      "stripe", "sk_live_{alnum:24}", "sk_live_51{alnum:97}", "sk_test_51{alnum:97}",
      "rk_live_{alnum:24}", "rk_test_51{alnum:97}", "sk_test_{alnum:24}"),
    .token("stripe_webhook", "whsec_{alnum:32}", "whsec_{b64:44}"),
    .token("square", "EAAA{b64url:60}", "sq0atp-{b64url:22}", "sq0csp-{b64url:43}"),
    .token("braintree", "access_token$production${lowalnum:16}${hex:32}"),
    .token("shopify", "shpat_{hex:32}", "shpss_{hex:32}", "shpca_{hex:32}", "shppa_{hex:32}"),
    .token("plaid", "access-production-{uuid}", "access-sandbox-{uuid}"),
    .token("paystack", "sk_live_{hex:40}"),
    .token("flutterwave", "FLWSECK-{hex:32}-X", "FLWSECK_TEST-{hex:32}-X"),
    .token("easypost", "EZAK{hex:32}{alnum:22}", "EZTK{alnum:54}"),
    .token("shippo", "shippo_live_{hex:40}", "shippo_test_{hex:40}"),
    .token("duffel", "duffel_live_{b64url:43}"),
    .token("mollie", "live_{alnum:30}"),
    .token("razorpay", "rzp_live_{alnum:14}", "rzp_test_{alnum:14}"),
    .token("amazon_mws", "amzn.mws.{uuid}"),
  ]
}
