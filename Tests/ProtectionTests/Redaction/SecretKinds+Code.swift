// Hansard
// SPDX-License-Identifier: Apache-2.0

// Where code lives, is built and is published. Formats: the vendors' documentation of their
// tokens and the public rules of secret scanners.

extension SecretKind {
  static let hosting: [SecretKind] = [
    .token(
      "github_classic", "ghp_{crc62:30}", "gho_{crc62:30}", "ghu_{alnum:36}", "ghs_{alnum:36}",
      "ghr_{alnum:36}", "ghr_{alnum:76}"),
    .token("github_fine_grained", "github_pat_11{upalnum:9}0{alnum:10}_{alnum:59}"),
    .token("github_stateless", "‹ghs_{digits:6}_«{jwt}»›"),
    .token(
      "gitlab_personal", "glpat-{b64url:20}", "glpat-{b64url:27}.01.{lowalnum:9}",
      "glpat-{b64url:36}.{lowalnum:9}"),
    .token("gitlab_runner", "glrt-{b64url:20}", "glrt-t1_{b64url:27}.01.{lowalnum:9}"),
    .token("gitlab_runner_registration", "GR1348941{b64url:20}"),
    .token("gitlab_trigger", "glptt-{hex:40}"),
    .token(
      "gitlab_other", "gldt-{b64url:20}", "glft-{b64url:20}", "glimt-{b64url:25}",
      "glsoat-{b64url:20}", "glcbt-{hex:2}_{b64url:20}", "glffct-{b64url:20}"),
    .token("gitlab_agent", "glagent-{b64url:50}"),
    .token("gitlab_application", "gloas-{hex:64}"),
    .token("bitbucket_app_password", "ATBB{alnum:24}{HEX:8}"),
    .token("bitbucket_access", "ATCTT3xFfGN0{b64url:160}={HEX:8}"),
    .token("atlassian_api", "ATATT3xFfGF0{b64url:171}={HEX:8}"),
    .token("circleci", "CCIPAT_{alnum:22}_{hex:40}", "CCIPRJ_{alnum:22}_{hex:40}"),
    .token("buildkite", "bkua_{hex:40}"),
    .token(
      "sourcegraph", "sgp_{hex:16}_{hex:40}", "sgp_local_{hex:40}", "sgp_{hex:40}"),
    .token("sonarqube", "sqp_{hex:40}", "squ_{hex:40}", "sqa_{hex:40}"),
    .token("octopus_deploy", "API-{upalnum:26}"),
    .token("harness", "pat.{b64url:22}.{hex:24}.{alnum:20}", "sat.{b64url:22}.{hex:24}.{alnum:20}"),
    .token("infracost", "ico-{alnum:32}"),
    .token("prefect", "pnu_{alnum:36}", "pnb_{alnum:36}"),
  ]

  static let registries: [SecretKind] = [
    .token("npm", "npm_{crc62:30}", "npm_{alnum:36}"),
    .token(
      "pypi", "pypi-AgEIcHlwaS5vcmc{b64url:155}", "pypi-AgENdGVzdC5weXBpLm9yZw{b64url:140}"),
    .token("rubygems", "rubygems_{hex:48}"),
    .token("docker_hub", "dckr_pat_{b64url:27}", "dckr_oat_{b64url:32}"),
    .token("nuget", "oy2{lowalnum:43}"),
    .token("crates_io", "cio{alnum:32}"),
    .token("clojars", "CLOJARS_{lowalnum:60}"),
    .token("artifactory", "AKCp8{alnum:68}", "cmVmdGtu{alnum:56}"),
    .token("readme_io", "rdme_{lowalnum:70}"),
  ]

  static let platforms: [SecretKind] = [
    .token("vault", "hvs.{b64url:95}", "hvs.CAESI{b64url:90}", "hvb.{b64url:160}"),
    .token("vault_short", "hvs.{alnum:24}"),
    .token("terraform_cloud", "{alnum:14}.atlasv1.{b64url:67}"),
    .token("pulumi", "pul-{hex:40}"),
    .token(
      "doppler", "dp.pt.{alnum:43}", "dp.st.{alnum:43}", "dp.st.dev_backend.{alnum:43}",
      "dp.ct.{alnum:43}", "dp.sa.{alnum:43}", "dp.scim.{alnum:43}", "dp.audit.{alnum:43}"),
    .token("infisical", "st.{hex:24}.{hex:32}.{hex:32}"),
    .token(
      "planetscale", "pscale_tkn_{b64url:43}", "pscale_pw_{b64url:43}", "pscale_oauth_{b64url:43}"),
    .token("supabase", "sbp_{hex:40}", "sb_secret_{b64url:22}_{b64url:8}"),
    .token("neon", "napi_{lowalnum:64}"),
    .token(
      "tailscale", "tskey-auth-k{alnum:10}CNTRL-{alnum:32}",
      "tskey-api-k{alnum:10}CNTRL-{alnum:32}",
      "tskey-client-k{alnum:10}CNTRL-{alnum:32}"),
    .token("netlify", "nfp_{alnum:36}"),
    .token("render", "rnd_{alnum:28}"),
    .token("fly_io", "fo1_{b64url:43}", "fm2_{b64:180}", "fm1r_{b64:160}="),
    .token("heroku", "HRKU-AA{b64url:58}"),
    .token(
      "cloudflare", "cfut_{alnum:40}{hex:8}", "cfk_{alnum:40}{hex:8}", "cfat_{alnum:40}{hex:8}"),
    .token("cloudflare_origin_ca", "v1.0-{hex:24}-{hex:146}"),
    .token("digitalocean", "dop_v1_{hex:64}", "doo_v1_{hex:64}", "dor_v1_{hex:64}"),
    .token("databricks", "dapi{hex:32}", "dapi{hex:32}-2"),
    .token("aiven_password", "AVNS_{b64url:19}"),
    .token("scalingo", "tk-us-{b64url:48}"),
    .token("openshift", "sha256~{b64url:43}"),
    .token("clickhouse_cloud", "4b1d{alnum:38}"),
    .token("defined_networking", "dnkey-{b64url:26}-{b64url:52}"),
  ]
}
