import type { Workflow } from './workflow.ts';

const cents = (amount: number): string => (amount / 100).toFixed(2);

/** Eight pieces of business work with 3 to 20 calls each. */
export const WORKFLOWS: readonly Workflow[] = [
  {
    name: 'remind overdue',
    task: 'Send a payment reminder for every overdue invoice: firm when more than 1,500 euros are open, friendly otherwise. Note on the file of the customer who owes most that I will call. Tell me how many went out and the sum.',
    plain: async (turn) => {
      const [{ items }] = await turn({ tool: 'list_invoices', args: { status: 'overdue', limit: 100 } });
      const owed = new Map<string, number>();
      await turn(
        ...items.map((invoice: { id: string; customer_id: string; total: number; paid: number }) => {
          const open = invoice.total - invoice.paid;
          owed.set(invoice.customer_id, (owed.get(invoice.customer_id) ?? 0) + open);
          const level = open > 150_000 ? 'firm' : 'friendly';
          return { tool: 'send_reminder', args: { invoice_id: invoice.id, level } };
        }),
      );
      const [worst] = [...owed].toSorted((a, b) => b[1] - a[1]);
      await turn({
        tool: 'add_customer_note',
        args: { customer_id: worst?.[0], text: 'Call about overdue invoices' },
      });
      return { reminders: items.length, sum: cents([...owed.values()].reduce((a, b) => a + b, 0)) };
    },
    script: `const { items } = await accounting.listInvoices({ status: 'overdue', limit: 100 });
const owed = new Map<string, number>();
await Promise.all(items.map((invoice) => {
  const open = invoice.total - invoice.paid;
  owed.set(invoice.customer_id, (owed.get(invoice.customer_id) ?? 0) + open);
  return accounting.sendReminder({ invoice_id: invoice.id, level: open > 150_000 ? 'firm' : 'friendly' });
}));
const [worst] = [...owed].sort((a, b) => b[1] - a[1]);
await accounting.addCustomerNote({ customer_id: worst[0], text: 'Call about overdue invoices' });
return { reminders: items.length, sum: ([...owed.values()].reduce((a, b) => a + b, 0) / 100).toFixed(2) };`,
  },
  {
    name: 'match payments',
    task: 'Match the first nine incoming bank payments with the invoices that they name, and record each payment. Tell me how many invoices are fully paid now.',
    plain: async (turn) => {
      const [{ items }] = await turn({
        tool: 'list_bank_transactions',
        args: { unmatched_only: true, limit: 100 },
      });
      const incoming = items.filter(({ amount }: { amount: number }) => amount > 0).slice(0, 9);
      const matches = incoming.map((one: { id: string; text: string }) => ({
        transaction_id: one.id,
        invoice_id: /inv_\d+/.exec(one.text)?.[0],
      }));
      await turn(...matches.map((args: object) => ({ tool: 'match_transaction', args })));
      const done = await turn(
        ...incoming.map((one: { amount: number; date: string }, index: number) => ({
          tool: 'record_payment',
          args: { invoice_id: matches[index].invoice_id, amount: one.amount, paid_on: one.date },
        })),
      );
      return { matched: matches.length, paid: done.filter(({ status }) => status === 'paid').length };
    },
    script: `const { items } = await accounting.listBankTransactions({ unmatched_only: true, limit: 100 });
let paid = 0;
const incoming = items.filter((one) => one.amount > 0).slice(0, 9);
await Promise.all(incoming.map(async (one) => {
  const invoice_id = one.text.match(/inv_\\d+/)[0];
  await accounting.matchTransaction({ transaction_id: one.id, invoice_id });
  const done = await accounting.recordPayment({ invoice_id, amount: one.amount, paid_on: one.date });
  if (done.status === 'paid') paid++;
}));
return { matched: incoming.length, paid };`,
  },
  {
    name: 'categorize expenses',
    task: 'Put the first eighteen outgoing bank transactions under the account that their vendor usually goes to, and give me the total per account.',
    plain: async (turn) => {
      const [vendors] = await turn({ tool: 'list_vendors', args: {} });
      const [{ items }] = await turn({
        tool: 'list_bank_transactions',
        args: { unmatched_only: true, limit: 100 },
      });
      const sums: Record<string, number> = {};
      const calls = items
        .filter(({ amount }: { amount: number }) => amount < 0)
        .slice(0, 18)
        .map((one: { id: string; text: string; amount: number }) => {
          const vendor = vendors.items.find(({ name }: { name: string }) => one.text.startsWith(name));
          sums[vendor.category] = (sums[vendor.category] ?? 0) - one.amount;
          return {
            tool: 'categorize_transaction',
            args: { transaction_id: one.id, account: vendor.category },
          };
        });
      await turn(...calls);
      return sums;
    },
    script: `const vendors = (await accounting.listVendors()).items;
const { items } = await accounting.listBankTransactions({ unmatched_only: true, limit: 100 });
const sums: Record<string, number> = {};
await Promise.all(items.filter((one) => one.amount < 0).slice(0, 18).map((one) => {
  const { category } = vendors.find(({ name }) => one.text.startsWith(name));
  sums[category] = (sums[category] ?? 0) - one.amount;
  return accounting.categorizeTransaction({ transaction_id: one.id, account: category });
}));
return sums;`,
  },
  {
    name: 'pay bills',
    task: 'Approve and pay on 2026-11-21 all open bills that are due before 2026-11-21. Tell me the total.',
    plain: async (turn) => {
      const [{ items }] = await turn({
        tool: 'list_bills',
        args: { status: 'open', due_before: '2026-11-21', limit: 100 },
      });
      await turn(...items.map(({ id }: { id: string }) => ({ tool: 'approve_bill', args: { bill_id: id } })));
      await turn(
        ...items.map(({ id }: { id: string }) => ({
          tool: 'pay_bill',
          args: { bill_id: id, pay_on: '2026-11-21' },
        })),
      );
      return {
        bills: items.length,
        total: cents(items.reduce((sum: number, { total }: { total: number }) => sum + total, 0)),
      };
    },
    script: `const { items } = await accounting.listBills({ status: 'open', due_before: '2026-11-21', limit: 100 });
for (const bill of items) {
  await accounting.approveBill({ bill_id: bill.id });
  await accounting.payBill({ bill_id: bill.id, pay_on: '2026-11-21' });
}
return { bills: items.length, total: (items.reduce((sum, { total }) => sum + total, 0) / 100).toFixed(2) };`,
  },
  {
    name: 'credit check',
    task: 'Check the first eighteen customers against their credit limits. Who owes more than a fifth of the limit? Note that on the file of whoever owes the largest share.',
    plain: async (turn) => {
      const [{ items }] = await turn({ tool: 'list_customers', args: { limit: 18 } });
      const balances = await turn(
        ...items.map(({ id }: { id: string }) => ({
          tool: 'get_customer_balance',
          args: { customer_id: id },
        })),
      );
      const shares = items
        .map(
          (
            { id, name, credit_limit }: { id: string; name: string; credit_limit: number },
            index: number,
          ) => ({
            id,
            name,
            share: balances[index].open / credit_limit,
          }),
        )
        .toSorted((a: { share: number }, b: { share: number }) => b.share - a.share);
      await turn({
        tool: 'add_customer_note',
        args: { customer_id: shares[0].id, text: 'Largest share of the credit limit in use' },
      });
      return shares
        .filter(({ share }: { share: number }) => share > 0.2)
        .map(({ name }: { name: string }) => name);
    },
    script: `const { items } = await accounting.listCustomers({ limit: 18 });
const shares = await Promise.all(items.map(async ({ id, name, credit_limit }) => {
  const { open } = await accounting.getCustomerBalance({ customer_id: id });
  return { id, name, share: open / credit_limit };
}));
shares.sort((a, b) => b.share - a.share);
await accounting.addCustomerNote({ customer_id: shares[0].id, text: 'Largest share of the credit limit in use' });
return shares.filter(({ share }) => share > 0.2).map(({ name }) => name);`,
  },
  {
    name: 'top debtors',
    task: 'Who are our five largest debtors, by name, with the open and the overdue sum of each?',
    plain: async (turn) => {
      const [open, overdue, customers] = await turn(
        { tool: 'list_invoices', args: { status: 'open', limit: 100 } },
        { tool: 'list_invoices', args: { status: 'overdue', limit: 100 } },
        { tool: 'list_customers', args: { limit: 100 } },
      );
      return topDebtors(open.items, overdue.items, customers.items);
    },
    script: `const [open, overdue, customers] = await Promise.all([
  accounting.listInvoices({ status: 'open', limit: 100 }),
  accounting.listInvoices({ status: 'overdue', limit: 100 }),
  accounting.listCustomers({ limit: 100 }),
]);
const sum = (invoices: any[], id: string) => invoices.filter((one) => one.customer_id === id).reduce((a, one) => a + one.total - one.paid, 0);
return customers.items
  .map(({ id, name }) => ({ name, open: sum([...open.items, ...overdue.items], id), overdue: sum(overdue.items, id) }))
  .sort((a, b) => b.open - a.open || a.name.localeCompare(b.name))
  .slice(0, 5);`,
  },
  {
    name: 'monthly invoices',
    task: 'Bill all customers in France and Japan 490 euros each for the November support plan, and book the whole amount as income against receivables on 2026-11-20. Tell me how many invoices that made and the sum.',
    plain: async (turn) => {
      const [france, japan] = await turn(
        { tool: 'list_customers', args: { country: 'FR' } },
        { tool: 'list_customers', args: { country: 'JP' } },
      );
      const customers = [...france.items, ...japan.items];
      const lines = [{ description: 'Support plan November', quantity: 1, unit_price: 49_000 }];
      const made = await turn(
        ...customers.map(({ id }) => ({ tool: 'create_invoice', args: { customer_id: id, lines } })),
      );
      const sum = made.reduce((total, invoice) => total + invoice.total, 0);
      await turn({
        tool: 'create_journal_entry',
        args: {
          date: '2026-11-20',
          memo: 'Support plan November',
          lines: [
            { account: '1200', debit: sum, credit: 0 },
            { account: '4000', debit: 0, credit: sum },
          ],
        },
      });
      return { invoices: made.length, sum: cents(sum) };
    },
    script: `const found = await Promise.all(['FR', 'JP'].map((country) => accounting.listCustomers({ country })));
let sum = 0, count = 0;
for (const { id } of found.flatMap(({ items }) => items)) {
  const { total } = await accounting.createInvoice({ customer_id: id, lines: [{ description: 'Support plan November', quantity: 1, unit_price: 49000 }] });
  sum += total;
  count++;
}
await accounting.createJournalEntry({ date: '2026-11-20', memo: 'Support plan November', lines: [
  { account: '1200', debit: sum, credit: 0 },
  { account: '4000', debit: 0, credit: sum },
] });
return { invoices: count, sum: (sum / 100).toFixed(2) };`,
  },
  {
    name: 'check terms',
    task: 'Look at the first nineteen open invoices: do their due days keep the terms of payment of their customers? List those that give more days than agreed.',
    plain: async (turn) => {
      const [{ items }] = await turn({ tool: 'list_invoices', args: { status: 'open', limit: 19 } });
      const customers = await turn(
        ...items.map(({ customer_id }: { customer_id: string }) => ({
          tool: 'get_customer',
          args: { customer_id },
        })),
      );
      return items
        .filter(
          ({ issued_on, due_on }: { issued_on: string; due_on: string }, index: number) =>
            Date.parse(due_on) - Date.parse(issued_on) > customers[index].payment_terms_days * 86_400_000,
        )
        .map(({ id }: { id: string }) => id);
    },
    script: `const { items } = await accounting.listInvoices({ status: 'open', limit: 19 });
const wrong = await Promise.all(items.map(async ({ id, customer_id, issued_on, due_on }) => {
  const { payment_terms_days } = await accounting.getCustomer({ customer_id });
  return Date.parse(due_on) - Date.parse(issued_on) > payment_terms_days * 86_400_000 ? [id] : [];
}));
return wrong.flat();`,
  },
];

interface Owed {
  readonly customer_id: string;
  readonly total: number;
  readonly paid: number;
}

function topDebtors(
  open: readonly Owed[],
  overdue: readonly Owed[],
  customers: readonly { readonly id: string; readonly name: string }[],
): unknown {
  const sum = (invoices: readonly Owed[], id: string): number =>
    invoices.filter((one) => one.customer_id === id).reduce((a, one) => a + one.total - one.paid, 0);
  return customers
    .map(({ id, name }) => ({ name, open: sum([...open, ...overdue], id), overdue: sum(overdue, id) }))
    .toSorted((a, b) => b.open - a.open || a.name.localeCompare(b.name))
    .slice(0, 5);
}
