// What Windows' own interfaces say about trust, for tests that run it in Wine:
//
// windows_trust list machine STORE      a line for each certificate in a store of LocalMachine: its
//                                       thumbprint, the ids of its properties
// windows_trust list policy STORE       the same of what policies put there
// windows_trust list file FILE          the same of a .p7b
// windows_trust chain FILE OTHERS.p7b   the Authenticode policy on the chain of a certificate
// windows_trust verify FILE             WinVerifyTrust on a signed file, then that policy on the
//                                       chain that WinVerifyTrust built for the signer
// windows_trust pfx FILE PASSWORD       opens a PFX ("-": no password at all), signs with its key:
//                                       "key THUMBPRINT PROVIDER", or "silent key …"; "certificate
//                                       THUMBPRINT" for each other; an error's code when it does
//                                       not open
//
// Verdicts are codes of eight hex digits. Exit code 1: it could not be asked.
// x86_64-w64-mingw32-gcc -municode windows_trust.c -lcrypt32 -lwintrust

#include <stdio.h>
#include <windows.h>

// These need <windows.h>.
#include <softpub.h>
#include <wincrypt.h>
#include <wintrust.h>

static const DWORD encodings = X509_ASN_ENCODING | PKCS_7_ASN_ENCODING;

static HCERTSTORE open_file(const wchar_t* file) {
  return CertOpenStore(CERT_STORE_PROV_FILENAME_W, encodings, 0, CERT_STORE_READONLY_FLAG, file);
}

static HCERTSTORE open_store(const wchar_t* where, const wchar_t* name) {
  if (!wcscmp(where, L"file")) return open_file(name);
  const DWORD location = wcscmp(where, L"policy") ? CERT_SYSTEM_STORE_LOCAL_MACHINE
                                                  : CERT_SYSTEM_STORE_LOCAL_MACHINE_GROUP_POLICY;
  return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                       location | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG, name);
}

static int list(const wchar_t* where, const wchar_t* name) {
  const HCERTSTORE store = open_store(where, name);
  const CERT_CONTEXT* certificate = NULL;
  while (store && (certificate = CertEnumCertificatesInStore(store, certificate))) {
    BYTE thumbprint[20];
    DWORD size = sizeof thumbprint;
    CertGetCertificateContextProperty(certificate, CERT_SHA1_HASH_PROP_ID, thumbprint, &size);
    for (DWORD i = 0; i < size; ++i) printf("%02X", thumbprint[i]);
    for (DWORD id = 0; (id = CertEnumCertificateContextProperties(certificate, id)) != 0;)
      printf(" %lu", id);
    printf("\n");
  }
  return 0;
}

static const CERT_CONTEXT* read_certificate(const wchar_t* file) {
  static BYTE der[1 << 16];
  FILE* stream = _wfopen(file, L"rb");
  if (!stream) return NULL;
  const size_t size = fread(der, 1, sizeof der, stream);
  fclose(stream);
  return CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)size);
}

static DWORD judge(const CERT_CHAIN_CONTEXT* chain) {
  CERT_CHAIN_POLICY_PARA para = {.cbSize = sizeof para};
  CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status};
  if (!CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_AUTHENTICODE, chain, &para, &status))
    return GetLastError();
  return status.dwError;
}

static int chain(const wchar_t* file, const wchar_t* others) {
  const CERT_CONTEXT* certificate = read_certificate(file);
  const HCERTSTORE store = open_file(others);
  CERT_CHAIN_PARA wanted = {.cbSize = sizeof wanted};
  const CERT_CHAIN_CONTEXT* built = NULL;
  if (!certificate || !store ||
      !CertGetCertificateChain(NULL, certificate, NULL, store, &wanted, 0, NULL, &built))
    return 1;
  printf("%08lx\n", judge(built));
  return 0;
}

static int verify(const wchar_t* file) {
  GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
  WINTRUST_FILE_INFO info = {.cbStruct = sizeof info, .pcwszFilePath = file};
  WINTRUST_DATA data = {.cbStruct = sizeof data,
                        .dwUIChoice = WTD_UI_NONE,
                        .fdwRevocationChecks = WTD_REVOKE_NONE,
                        .dwUnionChoice = WTD_CHOICE_FILE,
                        .dwStateAction = WTD_STATEACTION_VERIFY,
                        .pFile = &info};
  printf("%08lx", (unsigned long)WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &data));
  CRYPT_PROVIDER_DATA* provider = WTHelperProvDataFromStateData(data.hWVTStateData);
  CRYPT_PROVIDER_SGNR* signer =
      provider ? WTHelperGetProvSignerFromChain(provider, 0, FALSE, 0) : NULL;
  if (signer && signer->pChainContext) printf(" %08lx", judge(signer->pChainContext));
  printf("\n");
  return 0;
}

static void print_thumbprint(const char* what, const CERT_CONTEXT* certificate) {
  BYTE thumbprint[20];
  DWORD size = sizeof thumbprint;
  CertGetCertificateContextProperty(certificate, CERT_SHA1_HASH_PROP_ID, thumbprint, &size);
  printf("%s ", what);
  for (DWORD i = 0; i < size; ++i) printf("%02X", thumbprint[i]);
}

// Whether the key behind the certificate signs. Wine says of an imported one that it is for both
// uses (3), which no function takes.
static BOOL signs(const CERT_CONTEXT* certificate) {
  HCRYPTPROV provider = 0;
  HCRYPTHASH hash = 0;
  BYTE signature[2048];
  DWORD size = sizeof signature, spec = 0;
  BOOL ours = FALSE;
  const BOOL done = CryptAcquireCertificatePrivateKey(certificate, CRYPT_ACQUIRE_SILENT_FLAG, NULL,
                                                      &provider, &spec, &ours) &&
                    CryptCreateHash(provider, CALG_SHA1, 0, 0, &hash) &&
                    CryptHashData(hash, (const BYTE*)"x", 1, 0) &&
                    CryptSignHashW(hash, spec & AT_KEYEXCHANGE ? AT_KEYEXCHANGE : spec, NULL, 0,
                                   signature, &size);
  if (hash) CryptDestroyHash(hash);
  if (ours) CryptReleaseContext(provider, 0);
  return done;
}

static void print_certificate(const CERT_CONTEXT* certificate) {
  static BYTE bytes[4096];
  DWORD size = sizeof bytes;
  if (!CertGetCertificateContextProperty(certificate, CERT_KEY_PROV_INFO_PROP_ID, bytes, &size)) {
    print_thumbprint("certificate", certificate);
    printf("\n");
    return;
  }
  const CRYPT_KEY_PROV_INFO* info = (const CRYPT_KEY_PROV_INFO*)bytes;
  print_thumbprint(signs(certificate) ? "key" : "silent key", certificate);
  printf(" %ls\n", info->pwszProvName ? info->pwszProvName : L"-");
}

static int pfx(const wchar_t* file, const wchar_t* password) {
  static BYTE bytes[1 << 16];
  FILE* stream = _wfopen(file, L"rb");
  if (!stream) return 1;
  CRYPT_DATA_BLOB blob = {(DWORD)fread(bytes, 1, sizeof bytes, stream), bytes};
  fclose(stream);
  const HCERTSTORE store =
      PFXImportCertStore(&blob, wcscmp(password, L"-") ? password : NULL, CRYPT_EXPORTABLE);
  if (!store) {
    printf("%08lx\n", (unsigned long)GetLastError());
    return 0;
  }
  const CERT_CONTEXT* certificate = NULL;
  while ((certificate = CertEnumCertificatesInStore(store, certificate)))
    print_certificate(certificate);
  return 0;
}

int wmain(int argc, wchar_t** argv) {
  if (argc == 4 && !wcscmp(argv[1], L"list")) return list(argv[2], argv[3]);
  if (argc == 4 && !wcscmp(argv[1], L"chain")) return chain(argv[2], argv[3]);
  if (argc == 3 && !wcscmp(argv[1], L"verify")) return verify(argv[2]);
  if (argc == 4 && !wcscmp(argv[1], L"pfx")) return pfx(argv[2], argv[3]);
  return 2;
}
