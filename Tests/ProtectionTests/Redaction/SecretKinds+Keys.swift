// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

// Keys proper: private keys, vaults, signed tokens.

extension SecretKind {
  private static let begin = "{dash}BEGIN "
  private static let end = "{dash}END "

  /// A private key in PEM (RFC 7468), the lines joined by `newline`.
  private static func pem(
    _ label: String, kind: String, lines: Int, head: String = ""
  ) -> SecretKind {
    let body = "‹\(begin)\(kind){dash}\n\(head)«{pem:\(lines)}»\n\(end)\(kind){dash}›"
    return .block(label, body)
  }

  static let privateKeys: [SecretKind] = [
    pem("pem_rsa", kind: "RSA PRIVATE KEY", lines: 25),
    pem("pem_ec", kind: "EC PRIVATE KEY", lines: 3),
    pem("pem_dsa", kind: "DSA PRIVATE KEY", lines: 10),
    pem("pem_pkcs8", kind: "PRIVATE KEY", lines: 26),
    pem("pem_pkcs8_short", kind: "PRIVATE KEY", lines: 2),
    pem("pem_encrypted", kind: "ENCRYPTED PRIVATE KEY", lines: 28),
    pem("pem_openssh", kind: "OPENSSH PRIVATE KEY", lines: 6),
    pem(
      "pem_rsa_encrypted", kind: "RSA PRIVATE KEY", lines: 25,
      head: "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{HEX:32}\n\n"),
    pem(
      "pgp_private", kind: "PGP PRIVATE KEY BLOCK", lines: 40, head: "Comment: GPGTools\n\n"),
  ]

  static let keys: [SecretKind] = [
    .made("jwt", prefix: "") { $0.jwt() },
    .token(
      "age", "AGE-SECRET-KEY-1{bech32:58}"),
    .made("onepassword_service_account", prefix: "ops_") { forge in
      "ops_"
        + forge.base64JSON(
          #"{"signInAddress":"my.1password.com","userAuth":{"method":"SRPg-4096"},"email":"#
            + #""{lowalnum:13}@1passwordserviceaccounts.com","muk":{"alg":"A256GCM","k":"#
            + #""{b64url:43}"},"secretKey":"A3-{upalnum:30}"}"#
        ).replacingOccurrences(of: "=", with: "")
    },
    .token(
      "onepassword_secret_key",
      "A3-{upalnum:6}-{upalnum:11}-{upalnum:5}-{upalnum:5}-{upalnum:5}",
      "A3-{upalnum:6}-{upalnum:6}-{upalnum:5}-{upalnum:5}-{upalnum:5}-{upalnum:5}"),
    .fragment(
      "wireguard", "PrivateKey = «{b64:42}8=»", "PresharedKey = «{b64:42}4=»"),
    .fragment(
      "kubeconfig", "    client-key-data: «{b64:400}==»", "    token: «{jwt}»"),
    .fragment(
      "docker_config", #"{"auths":{"https://index.docker.io/v1/":{"auth":"«{b64:31}=»"}}}"#),
    .fragment(
      "npmrc", "//registry.npmjs.org/:_authToken=«{uuid}»",
      "//npm.corp.example/:_auth=«{b64:38}==»",
      "//npm.corp.example/:_password=«{b64:22}==»"),
    .fragment(
      "private_key_hex", "PRIVATE_KEY=«0x{hex:64}»", "DEPLOYER_PRIVATE_KEY=«{hex:64}»"),
    .fragment(
      "pem_one_line",
      "PRIVATE_KEY=\"‹{dash}BEGIN PRIVATE KEY{dash}\\n«{b64:64}»\\n«{b64:64}»\\n«{b64:40}=»"
        + "\\n{dash}END PRIVATE KEY{dash}\\n›\""),
  ]
}
