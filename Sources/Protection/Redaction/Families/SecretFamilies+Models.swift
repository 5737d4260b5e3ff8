// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SecretFamilies {
  /// Language models and what is built around them.
  static let models = [
    SecretFamily(
      "openai_key", "sk-proj-{b64url:20+}", "sk-svcacct-{b64url:20+}", "sk-admin-{b64url:20+}",
      "sk-None-{b64url:20+}"),
    SecretFamily("openai_key", .digitAndLetter, "sk-{alnum:20+}"),
    SecretFamily(
      "anthropic_key", "sk-ant-{b64url:20+}"),
    SecretFamily("groq_key", "gsk_{alnum:40+}"),
    SecretFamily("xai_key", "xai-{alnum:70+}"),
    SecretFamily("openrouter_key", "sk-or-v1-{lowerhex:64}", "sk-or-{b64url:40+}"),
    SecretFamily("huggingface_token", "hf_{alnum:30+}", "api_org_{alnum:30+}"),
    SecretFamily("replicate_token", "r8_{alnum:37+}"),
    SecretFamily("perplexity_key", "pplx-{alnum:40+}"),
    SecretFamily("fireworks_key", .digitAndLetter, "fw_{alnum:22-28}"),
    SecretFamily("nvidia_key", "nvapi-{b64url:60+}"),
    SecretFamily(
      "langsmith_key", "lsv2_pt_{lowerhex:32}_{lowerhex:10}", "lsv2_sk_{lowerhex:32}_{lowerhex:10}"),
    SecretFamily("langfuse_key", "sk-lf-{uuid:36}"),
    SecretFamily("pinecone_key", "pcsk_{word:60+}"),
    SecretFamily("tavily_key", "tvly-{b64url:20+}"),
    SecretFamily("voyage_key", "pa-{b64url:43}"),
    SecretFamily("elevenlabs_key", "sk_{lowerhex:48}"),
    SecretFamily("cerebras_key", "csk-{loweralnum:40+}"),
    SecretFamily("firecrawl_key", "fc-{lowerhex:32}"),
    SecretFamily("e2b_key", "e2b_{lowerhex:40}"),
    SecretFamily("brave_key", .mixed, "BSA{b64url:27-29}"),
    SecretFamily("posthog_key", "phx_{alnum:40+}", "phs_{alnum:40+}"),
    SecretFamily("deepgram_key", .announced(by: ["deepgram"], .lowerHex, 40...40)),
    SecretFamily("mistral_key", .announced(by: ["mistral"], .alnum, 32...32, .mixed)),
    SecretFamily("cohere_key", .announced(by: ["cohere"], .alnum, 40...40, .mixed)),
    SecretFamily("wandb_key", .announced(by: ["wandb"], .lowerHex, 40...40)),
    SecretFamily("jina_key", "jina_{b64url:60+}"),
    SecretFamily("runpod_key", "rpa_{alnum:40+}"),
    SecretFamily("browserbase_key", "bb_live_{b64url:20+}", "bb_test_{b64url:20+}"),
    SecretFamily("cursor_key", "key_{lowerhex:64}", "crsr_{lowerhex:64}"),
    SecretFamily("together_key", "tgp_v1_{b64url:40+}"),
  ]
}
