import type { AttributeDefinition, TableIndex } from 'dynalite/types';
import type { Json } from '../jsonService';
import type { Expiry } from './expiry';
import { checkRequest, perform } from './operations';
import type { StagedWrites } from './stagedWrites';
import type { Tables } from './tables';

type Named = Json & { readonly TableName: string };

export interface TableCallContext {
  readonly tables: Tables;
  readonly expiry: Expiry;
  readonly view: StagedWrites['view'];
}

type TableCall = (input: Named, context: TableCallContext) => Promise<Json>;

const continuousBackups: TableCall = async ({ TableName }, { tables }) => {
  await tables.load(TableName);
  const status = tables.settings(TableName).pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
    },
  };
};

const describe: TableCall = async (input, { tables, view }) => {
  const answer = await perform('DescribeTable', view, checkRequest('DescribeTable', { ...input }, view));
  const DeletionProtectionEnabled = tables.settings(input.TableName).deletionProtection ?? false;
  return { ...answer, Table: { ...(answer.Table as Json), DeletionProtectionEnabled } };
};

const update: TableCall = async (input, { tables, view }) => {
  const { TableName, DeletionProtectionEnabled: deletionProtection, ...rest } = input;
  if (typeof deletionProtection === 'boolean') {
    await tables.change(TableName, { deletionProtection });
    if (Object.keys(rest).length === 0)
      return { TableDescription: { ...(await tables.load(TableName)), DeletionProtectionEnabled: deletionProtection } };
  }
  const updates = (rest.GlobalSecondaryIndexUpdates ?? []) as { readonly Create?: TableIndex }[];
  const created = updates.find(one => one.Create !== undefined)?.Create;
  if (created !== undefined)
    return tables.addIndex(TableName, created, (rest.AttributeDefinitions ?? []) as AttributeDefinition[]);
  tables.known.delete(TableName);
  return perform('UpdateTable', view, checkRequest('UpdateTable', { TableName, ...rest }, view));
};

/** The calls about tables themselves: what dynalite lacks of them, or does too simply. */
export const tableCalls: Readonly<Record<string, TableCall>> = {
  CreateTable: (input, { tables, view }) => {
    const settings = { deletionProtection: input.DeletionProtectionEnabled === true };
    return tables.create(checkRequest('CreateTable', input, view) as Named, settings);
  },
  DeleteTable: (input, { tables, view }) => tables.delete(checkRequest('DeleteTable', input, view) as Named),
  DescribeTable: describe,
  UpdateTable: update,
  UpdateTimeToLive: async ({ TableName, TimeToLiveSpecification }, { tables, expiry }) => {
    const { AttributeName, Enabled } = TimeToLiveSpecification as { AttributeName: string; Enabled: boolean };
    await tables.change(TableName, { expiresBy: Enabled ? AttributeName : undefined });
    await expiry.readTable(TableName);
    return { TimeToLiveSpecification };
  },
  DescribeTimeToLive: async ({ TableName }, { tables }) => {
    await tables.load(TableName);
    const AttributeName = tables.settings(TableName).expiresBy;
    const status = AttributeName === undefined ? 'DISABLED' : 'ENABLED';
    return { TimeToLiveDescription: { TimeToLiveStatus: status, ...(AttributeName && { AttributeName }) } };
  },
  UpdateContinuousBackups: async (input, context) => {
    const wanted = input.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled: boolean };
    await context.tables.change(input.TableName, { pointInTimeRecovery: wanted.PointInTimeRecoveryEnabled });
    return continuousBackups(input, context);
  },
  DescribeContinuousBackups: continuousBackups,
};
