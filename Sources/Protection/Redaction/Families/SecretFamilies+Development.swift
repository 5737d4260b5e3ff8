// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SecretFamilies {
  /// Where code lives and is built.
  static let codeHosting = [
    SecretFamily(
      "github_token", "ghp_{alnum:36+}", "gho_{alnum:36+}", "ghu_{alnum:36+}", "ghs_{alnum:36+}",
      "ghr_{alnum:36+}", "github_pat_{word:60+}"),
    SecretFamily(
      "gitlab_token", "glpat-{b64url:20+}[.{unreserved:1+}]", "gldt-{b64url:20+}",
      "glrt-{b64url:20+}[.{unreserved:1+}]", "glrtr-{b64url:20+}", "glft-{b64url:20+}",
      "glptt-{lowerhex:40}", "glcbt-{b64url:20+}", "glsoat-{b64url:20+}", "glimt-{b64url:20+}",
      "glagent-{b64url:40+}", "gloas-{hex:64}", "glffct-{b64url:20+}", "GR1348941{b64url:20+}",
      "_gitlab_session=|{hex:32}"),
    SecretFamily(
      "bitbucket_token", "ATBB{alnum:28+}", "ATCTT3x{b64url:100+}[={hex:8}]",
      "BBDC-{b64:40+}"),
    SecretFamily("circleci_token", "CCIPAT_{alnum:20+}_{hex:40}", "CCIPRJ_{alnum:20+}_{hex:40}"),
    SecretFamily("buildkite_token", "bkua_{lowerhex:40}", "bkct_{alnum:20+}", "bkaj_{alnum:20+}"),
    SecretFamily(
      "sourcegraph_token", "sgp_{hex:40}", "sgp_{alnum:16}_{hex:40}", "sgp_local_{hex:40}"),
    SecretFamily("travis_token", .announced(by: ["travis_"], .base64URL, 22...22, .mixed)),
    SecretFamily("sonar_token", "squ_{lowerhex:40}", "sqp_{lowerhex:40}", "sqa_{lowerhex:40}"),
    SecretFamily("snyk_token", .announced(by: ["snyk"], .uuid, 36...36)),
    SecretFamily("codecov_token", .announced(by: ["codecov"], .uuid, 36...36)),
    SecretFamily("octopus_key", .digitAndLetter, "API-{upperalnum:25-26}"),
    SecretFamily(
      "harness_token", "pat.{b64url:22}.{lowerhex:24}.{alnum:20}",
      "sat.{b64url:22}.{lowerhex:24}.{alnum:20}"),
    SecretFamily("infracost_key", .mixed, "ico-{alnum:32}"),
  ]

  /// Where packages and images come from.
  static let packages = [
    SecretFamily("npm_token", "npm_{alnum:36+}"),
    SecretFamily("pypi_token", "pypi-AgE{b64url:50+}"),
    SecretFamily("rubygems_token", "rubygems_{hex:48}"),
    SecretFamily("crates_token", .mixed, "cio{alnum:32}"),
    SecretFamily("nuget_key", "oy2{loweralnum:43}"),
    SecretFamily("clojars_token", "CLOJARS_{loweralnum:60}"),
    SecretFamily("hex_token", "hex_{alnum:32+}"),
    SecretFamily("docker_token", "dckr_pat_{b64url:27+}", "dckr_oat_{b64url:27+}"),
    SecretFamily("jfrog_token", .mixed, "AKCp{alnum:60+}", "cmVmdGtu{b64:50+}"),
    SecretFamily("packagist_token", "packagist_ort_{lowerhex:60+}", "packagist_uut_{lowerhex:60+}"),
  ]
}
