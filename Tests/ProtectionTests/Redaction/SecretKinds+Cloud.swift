// Hansard
// SPDX-License-Identifier: Apache-2.0

// The large clouds, in the forms their tools write.

extension SecretKind {
  static let clouds: [SecretKind] = [
    .token(
      "aws_access_key_id", "AKIA{base32:16}", "ASIA{base32:16}", "ABIA{base32:16}",
      "ACCA{base32:16}"),
    .fragment(
      "aws_secret_access_key",
      "aws_secret_access_key = «{b64:40}»",
      "AWS_SECRET_ACCESS_KEY=«{b64:40}»",
      "export AWS_SECRET_ACCESS_KEY=\"«{b64:40}»\"",
      #"  "SecretAccessKey": "«{b64:40}»","#,
      "const s3 = new S3({ region, secretAccessKey: '«{b64:40}»' });",
      "boto3.client('s3', aws_secret_access_key='«{b64:40}»', region_name=region)"),
    .fragment(
      "aws_session_token",
      "AWS_SESSION_TOKEN=«IQoJb3JpZ2luX2Vj{b64:300}==»",
      "aws_session_token = «FwoGZXIvYXdzE{b64:250}=»",
      #"  "SessionToken": "«IQoJb3JpZ2luX2Vj{b64:340}»","#),
    .token("aws_bedrock", "ABSK{b64:128}", "ABSKQmVkcm9ja0FQSUtleS{b64:108}=="),
    .token(
      "aws_bedrock_short", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{b64:300}"),
    .token("google_api_key", "AIza{b64url:35}", "AIzaSy{b64url:33}"),
    .token("google_oauth_secret", "GOCSPX-{b64url:28}"),
    .token("google_access", "ya29.a0A{b64url:160}", "ya29.c.b0A{b64url:240}"),
    .token("google_refresh", "1//0{alnum:1}{b64url:60}"),
    .token("google_key_express", "AQ.Ab8RN6{b64url:44}"),
    .token("firebase_messaging", "AAAA{b64url:7}:APA91b{b64url:134}"),
    .token("azure_ad_secret", "{alnum:3}8Q~{b64url:34}", "{alnum:3}7Q~{b64url:31}"),
    .token("azure_devops", "{alnum:76}AZDO{alnum:4}"),
    .token("azure_storage_identifiable", "{b64:76}+ASt{alnum:6}=="),
    .fragment(
      "azure_storage",
      "DefaultEndpointsProtocol=https;AccountName=stor{lower:6};AccountKey=«{b64:86}==»;"
        + "EndpointSuffix=core.windows.net",
      "AZURE_STORAGE_KEY=«{b64:86}==»",
      "az storage blob list --account-name stor{lower:5} --account-key «{b64:86}==» -c logs"),
    .fragment(
      "azure_service_bus",
      "Endpoint=sb://ns-{lower:6}.servicebus.windows.net/;"
        + "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=«{b64:43}=»",
      "HostName=hub{lower:4}.azure-devices.net;SharedAccessKeyName=iothubowner;"
        + "SharedAccessKey=«{b64:43}=»"),
    .fragment(
      "azure_cosmos",
      "AccountEndpoint=https://db{lower:5}.documents.azure.com:443/;AccountKey=«{b64:86}==»;"),
    .fragment(
      "azure_sas",
      "https://stor{lower:5}.blob.core.windows.net/c/b.txt?sv=2022-11-02&sp=rl&"
        + "se=2026-01-01T00%3A00%3A00Z&spr=https&sig=«{alnum:20}%2B{alnum:22}%3D»"),
    .fragment(
      "azure_openai", "AZURE_OPENAI_API_KEY=«{hex:32}»",
      "curl https://x{lower:4}.openai.azure.com/openai/models -H \"api-key: «{hex:32}»\""),
    .token("alibaba_key_id", "LTAI5t{alnum:18}", "LTAI{alnum:20}"),
    .fragment("alibaba_secret", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=«{alnum:30}»"),
    .token("tencent_secret_id", "AKID{alnum:32}"),
    .token("yandex_cloud", "t1.{b64url:40}.{b64url:86}", "AQVN{b64url:36}", "YCAJE{b64url:20}"),
    .fragment("ibm_cloud", "IBMCLOUD_API_KEY=«{b64url:44}»"),
  ]
}
