// Prints the shape of PowerShell scripts (the types of their syntax nodes), one line each; exit code 1 where one is no
// PowerShell, 3 where the parser is not installed: npm install -g --ignore-scripts web-tree-sitter tree-sitter-powershell
const fs = require('fs');
(async () => {
  let parsers, grammar;
  try {
    parsers = require('web-tree-sitter');
    grammar = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
  } catch {
    process.exit(3);
  }
  await parsers.Parser.init();
  const parser = new parsers.Parser();
  parser.setLanguage(await parsers.Language.load(grammar));
  const shape = (node) => {
    if (node.type === 'ERROR' || node.isMissing) {
      console.error(`line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`);
      process.exitCode = 1;
    }
    const inner = node.children.map(shape).join(' ');
    return inner ? `(${node.type} ${inner})` : node.type;
  };
  for (const file of process.argv.slice(2)) {
    console.log(shape(parser.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')).rootNode));
  }
})();
