#include <catch2/catch.hpp>

#include "compat/makecert.h"
#include "tool_run.h"

using namespace sealwright;
using test::ToolBench;

TEST_CASE("makecert refuses what makes no sense before it does anything", "[compat][makecert]") {
  struct Row {
    const char *words, *message, *hint;
  };
  const Row rows[] = {
      {"-r -n CN=x -eku -sv k.pvk out.cer", "'-eku' needs OID[,OID] behind it",
       "'-sv' is an option itself"},
      {"-r -n CN=x -eku '' out.cer", "'-eku' needs OIDs with ',' between them",
       "codeSigning is 1.3.6.1.5.5.7.3.3"},
      {"-r -n CN=x -eku 1.2.x out.cer", "'1.2.x' of '-eku' is not an OID", ""},
      {"-r out.cer", "'-n' is missing",
       "write -n \"CN=My Company\": nobody wants the name that the original takes without it"},
      {"-n CN=x out.cer",
       "nothing says who issues it: there is no built-in \"Root Agency\" here, whose key everybody "
       "had",
       "add -r for a self-signed certificate, or -ic ROOT.cer -iv ROOT.pvk"},
      {"-r -n CN=x", "nothing says where the certificate goes",
       "name a file, as out.cer, or -ss STORE"},
      {"-r -n CN=x a.cer b.cer", "one file can be written, and there are 'a.cer' and 'b.cer'",
       "values with spaces stand in quotes"},
      {"-r -n CN=x out/", "'out/' is a folder, not a file", ""},
      {"-r -n CN=x -sv .. out.cer", "'..' is a folder, not a file", ""},
      {"-r -n CN=x -n CN=y out.cer", "'-n' is given twice", ""},
      {"-r -n CN=x -a md4 out.cer", "'md4' of '-a' is not a digest",
       "there are sha256, sha384, sha512 and sha1"},
      {"-r -n CN=x -cy both out.cer", "'-cy both' is not known", "there are end, authority"},
      {"-r -n CN=x -cy end -h 1 out.cer", "'-h' is for authorities, and '-cy end' is none",
       "leave one of them out"},
      {"-r -n CN=x -h -1 out.cer", "'-1' of '-h' is not a number from 0 to 64", ""},
      {"-r -n CN=x -len 99999 out.cer", "'99999' of '-len' is not a number from 1 to 16384", ""},
      {"-r -n CN=x -len x out.cer", "'x' of '-len' is not a number from 1 to 16384", ""},
      {"-r -n CN=x -m 0 out.cer", "'0' of '-m' is not a number from 1 to 12000", ""},
      {"-r -n CN=x -e 01/01/2030 -m 3 out.cer", "'-e' and '-m' exclude each other",
       "one of them says when it ends"},
      {"-r -n CN=x -b 01/02/2030 -e 01/01/2030 out.cer",
       "it would end on 2030-01-01, before it begins on 2030-01-02",
       "-b is the first day, -e the last, both as mm/dd/yyyy"},
      {"-r -n CN=x -b 13/01/2020 out.cer", "'13/01/2020' of '-b' is no day of the calendar",
       "the month comes first: 01/13/2020"},
      {"-r -n CN=x -# -3 out.cer", "'-3' of '-#' is not a positive decimal number", ""},
      {"-r -n CN=x -$ nobody out.cer", "'-$ nobody' is not known",
       "there are individual, commercial"},
      {"-r -n CN=x -sky 3 out.cer", "'-sky 3' is not known", "there are 2, signature, 1, exchange"},
      {"-r -n CN=x -l 'not a url' out.cer", "'not a url' of '-l' is not a URL", ""},
      {"-r -n CN=x -sv a.pvk -sk b out.cer", "'-sv' and '-sk' exclude each other",
       "the subject has one key"},
      {"-r -n CN=x -sc a.cer out.cer", "'-sc' and '-r' exclude each other",
       "only the holder of its key can sign it"},
      {"-r -n CN=x -ic a.cer -iv a.pvk out.cer", "'-r' and '-ic' exclude each other",
       "a self-signed certificate has no issuer but itself"},
      {"-n CN=x -ic a.cer -iv a.pvk -is root out.cer", "'-iv' and '-is' exclude each other",
       "name the issuer's certificate with -ic FILE"},
      {"-n CN=x -in Root -ik key out.cer", "'-ik' and '-in' exclude each other",
       "name the issuer's certificate with -ic FILE"},
      {"-n CN=x -ic a.cer -iv a.pvk -ik key out.cer", "'-ik' and '-iv' exclude each other",
       "the issuer has one key"},
      {"-n CN=x -iv a.pvk out.cer",
       "'-iv' is the issuer's key, and '-ic' with its certificate is missing", ""},
      {"-r -n CN=x -sr somewhere out.cer", "'-sr somewhere' is not known",
       "there are currentuser, localmachine"},
      {"-r -n CN=x -ss '' out.cer", "'-ss' has an empty value", ""},
      {"-r -n CN=x -crl out.cer", "unknown option '-crl'", "a file of that name is written ./-crl"},
      {"-r -n CN=x --as-original -ss My out.cer", "'--as-original' makes files only",
       "a workspace keeps no museum pieces"},
      {"-r -n CN=x --as-original -nscp out.cer", "'--as-original' does not go with '-nscp'", ""},
      {"-r -n CN=x -p12 a.pfx", "'-p12' needs FILE PASSWORD behind it", ""},
  };
  ToolBench bench;
  for (const Row& row : rows) DYNAMIC_SECTION(row.words) {
      const auto ran = bench.run(compat::makecert_tool, row.words);
      CHECK_FALSE(ran.done);
      CHECK(ran.error == row.message);
      CHECK(ran.hint == row.hint);
      CHECK(ran.out == "Failed\n");
    }
}
