// Tells the files that do the work from those that test, describe or configure it, by their names. Pure.

const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|__mocks__|__snapshots__|specs?|e2e|testdata|fixtures?)\//i;
const TEST_FILE = /(?:^|\/)(?:test_[^/]*|conftest\.py|[^/]*[._-](?:test|spec|snap|stories|bench)(?:\.[^/]*)?|[^/]*_test\.[a-z]+|[^/]*Tests?\.(?:java|kt|cs|swift|php))$/;
const DOCUMENT = /\.(?:md|mdx|markdown|rst|txt|adoc|org|tex|pdf|docx?|odt)$|(?:^|\/)(?:docs?|documentation)\/|(?:^|\/)(?:readme|changelog|changes|license|licence|copying|notice|authors|contributing|code_of_conduct|security)(?:\.[^/]*)?$/i;
const DATA = /\.(?:json5?|jsonc|ya?ml|toml|ini|cfg|conf|properties|csv|tsv|xml|lock|sum|mod|png|jpe?g|gif|svg|ico|webp|bmp|woff2?|ttf|otf|mp[34]|zip|gz|bin|map|snap)$|\.d\.[cm]?ts$|(?:^|\/)\.[^/]+$/i;
const BUILD = /(?:^|\/)(?:Makefile|GNUmakefile|Dockerfile[^/]*|Jenkinsfile|Procfile|Gemfile|Rakefile|CMakeLists\.txt|[^/]*\.config\.[cm]?[jt]s|setup\.py|[^/]*\.gradle(?:\.kts)?)$/i;

export function isTestFile(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_FILE.test(path);
}

/** A file whose content is behaviour: no test, document, data, settings or build file. */
export function isSourceFile(path: string): boolean {
  return !isTestFile(path) && ![DOCUMENT, DATA, BUILD].some((pattern) => pattern.test(path));
}
