// Makes a stack of one API, with the outputs that an operator needs to make a key and fill the tables.

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Tablegate, type TablegateProps } from './tablegate.ts';

export interface TablegateStackProps extends StackProps, TablegateProps {}

export class TablegateStack extends Stack {
  readonly tablegate: Tablegate;

  constructor(scope: Construct, id: string, props: TablegateStackProps) {
    super(scope, id, props);
    this.tablegate = new Tablegate(this, 'Api', props);
    const { tables, restApi, httpApi } = this.tablegate;
    if (restApi) {
      this.#output('ApiUrl', restApi.api.url, 'Where the API answers callers with an API key');
      this.#output('UsagePlanId', restApi.usagePlan.usagePlanId, 'The usage plan to attach API keys to');
    }
    if (httpApi) this.#output('HttpApiUrl', httpApi.stage.url, 'Where the API answers people with a token');
    this.#output('AuthTable', tables.auth.tableName, 'The table of auth records');
    this.#output('GroupsTable', tables.groups.tableName, 'The table of groups');
    if (tables.audit) this.#output('AuditTable', tables.audit.tableName, 'The table of audit rows');
    this.#output('RequestsTable', tables.requests.tableName, 'The table of repeatable requests and the seal key');
    for (const [name, table] of tables.data) this.#output(`Data-${name}`, table.tableName, `The data table '${name}'`);
  }

  /** Adds an output. Names have letters and digits only, so of `a-b` and `ab` the second gets a hash. */
  #output(id: string, value: string, description: string): void {
    const name = id.replaceAll(/[^A-Za-z0-9]/g, '');
    const scope = this.node.tryFindChild(name) ? new Construct(this, id) : this;
    new CfnOutput(scope, name, { value, description });
  }
}
