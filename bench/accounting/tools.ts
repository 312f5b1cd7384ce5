import { z } from 'zod';
import { ACCOUNTS, TODAY, VENDORS, type Books, type Invoice } from './books.ts';

/** One tool of the accounting server. */
export interface AccountingTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly readOnly: boolean;
  readonly run: (books: Books, args: never) => unknown;
}

const money = z.number().int().describe('Amount in cents');
const date = z.iso.date().describe('Day, YYYY-MM-DD');
const page = {
  limit: z.number().int().min(1).max(100).optional().describe('Most items to return, default 25'),
  offset: z.number().int().min(0).optional().describe('Items to skip, default 0'),
};

function tool<Shape extends z.ZodRawShape>(
  name: string,
  description: string,
  shape: Shape,
  run: (books: Books, args: z.output<z.ZodObject<Shape>>) => unknown,
  readOnly = false,
): AccountingTool {
  return { name, description, input: z.object(shape), readOnly, run };
}

function reader<Shape extends z.ZodRawShape>(
  name: string,
  description: string,
  shape: Shape,
  run: (books: Books, args: z.output<z.ZodObject<Shape>>) => unknown,
): AccountingTool {
  return tool(name, description, shape, run, true);
}

function paged<T>(
  items: readonly T[],
  { limit = 25, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
) {
  const shown = items.slice(offset, offset + limit);
  return {
    items: shown,
    total: items.length,
    next_offset: offset + shown.length < items.length ? offset + shown.length : null,
  };
}

function find<T extends { readonly id: string }>(items: readonly T[], id: string, what: string): T {
  const found = items.find((item) => item.id === id);
  if (found === undefined) {
    throw new RangeError(`There is no ${what} ${id}`);
  }
  return found;
}

const openAmount = ({ total, paid, status }: Invoice): number => (status === 'void' ? 0 : total - paid);

export const TOOLS: readonly AccountingTool[] = [
  reader(
    'list_customers',
    'List customers, optionally of one country. Sorted by id.',
    { country: z.string().length(2).optional().describe('ISO 3166 country code'), ...page },
    (books, { country, ...rest }) =>
      paged(
        books.customers.filter((one) => country === undefined || one.country === country),
        rest,
      ),
  ),
  reader(
    'get_customer',
    'Get one customer with its terms of payment and credit limit.',
    { customer_id: z.string() },
    (books, { customer_id }) => find(books.customers, customer_id, 'customer'),
  ),
  reader(
    'get_customer_balance',
    'Get what a customer owes: open amount, overdue amount, number of open invoices.',
    { customer_id: z.string() },
    (books, { customer_id }) => {
      find(books.customers, customer_id, 'customer');
      const own = books.invoices.filter((one) => one.customer_id === customer_id);
      return {
        customer_id,
        open: own.reduce((sum, one) => sum + openAmount(one), 0),
        overdue: own
          .filter(({ status }) => status === 'overdue')
          .reduce((sum, one) => sum + openAmount(one), 0),
        open_invoices: own.filter((one) => openAmount(one) > 0).length,
        as_of: TODAY,
      };
    },
  ),
  tool(
    'add_customer_note',
    'Add a note to the file of a customer.',
    { customer_id: z.string(), text: z.string().max(2000) },
    (books, { customer_id, text }) => {
      find(books.customers, customer_id, 'customer');
      books.notes.push({ customer_id, text });
      return { customer_id, notes: books.notes.filter((note) => note.customer_id === customer_id).length };
    },
  ),
  reader(
    'list_invoices',
    'List invoices with their lines, filtered by status, customer or due day.',
    {
      status: z.enum(['open', 'paid', 'overdue', 'void']).optional(),
      customer_id: z.string().optional(),
      due_before: date.optional(),
      ...page,
    },
    (books, { status, customer_id, due_before, ...rest }) =>
      paged(
        books.invoices.filter(
          (one) =>
            (status === undefined || one.status === status) &&
            (customer_id === undefined || one.customer_id === customer_id) &&
            (due_before === undefined || one.due_on < due_before),
        ),
        rest,
      ),
  ),
  reader(
    'get_invoice',
    'Get one invoice with its lines.',
    { invoice_id: z.string() },
    (books, { invoice_id }) => find(books.invoices, invoice_id, 'invoice'),
  ),
  tool(
    'create_invoice',
    'Create an invoice for a customer. Its due day follows from the terms of payment.',
    {
      customer_id: z.string(),
      lines: z
        .array(
          z.object({ description: z.string(), quantity: z.number().int().positive(), unit_price: money }),
        )
        .min(1),
    },
    (books, { customer_id, lines }) => {
      const { payment_terms_days } = find(books.customers, customer_id, 'customer');
      const total = lines.reduce((sum, { quantity, unit_price }) => sum + quantity * unit_price, 0);
      const due = new Date(Date.parse(TODAY) + payment_terms_days * 86_400_000).toISOString().slice(0, 10);
      const made: Invoice = {
        id: `inv_${books.invoices.length + 1}`,
        customer_id,
        issued_on: TODAY,
        due_on: due,
        currency: 'EUR',
        lines,
        total,
        paid: 0,
        status: 'open',
        reminders: 0,
      };
      books.invoices.push(made);
      return made;
    },
  ),
  tool(
    'record_payment',
    'Record a payment for an invoice; it is paid when nothing is left open.',
    { invoice_id: z.string(), amount: money.positive(), paid_on: date },
    (books, { invoice_id, amount }) => {
      const invoice = find(books.invoices, invoice_id, 'invoice');
      if (amount > openAmount(invoice)) {
        throw new RangeError(`Only ${openAmount(invoice)} of ${invoice_id} is open`);
      }
      invoice.paid += amount;
      if (invoice.paid === invoice.total) {
        invoice.status = 'paid';
      }
      return { invoice_id, status: invoice.status, open: openAmount(invoice) };
    },
  ),
  tool(
    'send_reminder',
    'Send a payment reminder for an invoice to the billing address of its customer.',
    { invoice_id: z.string(), level: z.enum(['friendly', 'firm', 'final']) },
    (books, { invoice_id, level }) => {
      const invoice = find(books.invoices, invoice_id, 'invoice');
      invoice.reminders += 1;
      return {
        invoice_id,
        level,
        sent_to: find(books.customers, invoice.customer_id, 'customer').email,
        reminders: invoice.reminders,
      };
    },
  ),
  tool(
    'void_invoice',
    'Void an invoice that was issued by mistake. It cannot be undone.',
    { invoice_id: z.string(), reason: z.string() },
    (books, { invoice_id }) => {
      const invoice = find(books.invoices, invoice_id, 'invoice');
      invoice.status = 'void';
      return { invoice_id, status: invoice.status };
    },
  ),
  reader(
    'list_bank_transactions',
    'List transactions of the bank account, newest last.',
    { unmatched_only: z.boolean().optional(), ...page },
    (books, { unmatched_only, ...rest }) =>
      paged(
        books.transactions.filter(
          (one) => unmatched_only !== true || (one.matched_invoice_id === null && one.category === null),
        ),
        rest,
      ),
  ),
  tool(
    'match_transaction',
    'Match an incoming transaction with the invoice that it pays.',
    { transaction_id: z.string(), invoice_id: z.string() },
    (books, { transaction_id, invoice_id }) => {
      const transaction = find(books.transactions, transaction_id, 'transaction');
      transaction.matched_invoice_id = find(books.invoices, invoice_id, 'invoice').id;
      return { transaction_id, invoice_id, matched: true };
    },
  ),
  tool(
    'categorize_transaction',
    'Put an outgoing transaction under an account of the chart of accounts.',
    { transaction_id: z.string(), account: z.string().describe('Code of the account, such as 6100') },
    (books, { transaction_id, account }) => {
      const transaction = find(books.transactions, transaction_id, 'transaction');
      if (!ACCOUNTS.some(({ code }) => code === account)) {
        throw new RangeError(`There is no account ${account}`);
      }
      transaction.category = account;
      return { transaction_id, account };
    },
  ),
  reader('list_accounts', 'List the chart of accounts.', {}, () => ({ items: ACCOUNTS })),
  reader('list_vendors', 'List vendors with the account that their bills usually go to.', {}, () => ({
    items: VENDORS,
  })),
  reader(
    'list_bills',
    'List bills of vendors, filtered by status or due day.',
    { status: z.enum(['open', 'approved', 'paid']).optional(), due_before: date.optional(), ...page },
    (books, { status, due_before, ...rest }) =>
      paged(
        books.bills.filter(
          (one) =>
            (status === undefined || one.status === status) &&
            (due_before === undefined || one.due_on < due_before),
        ),
        rest,
      ),
  ),
  reader('get_bill', 'Get one bill.', { bill_id: z.string() }, (books, { bill_id }) =>
    find(books.bills, bill_id, 'bill'),
  ),
  tool('approve_bill', 'Approve a bill for payment.', { bill_id: z.string() }, (books, { bill_id }) => {
    const bill = find(books.bills, bill_id, 'bill');
    bill.status = 'approved';
    return { bill_id, status: bill.status };
  }),
  tool(
    'pay_bill',
    'Pay an approved bill from the bank account.',
    { bill_id: z.string(), pay_on: date },
    (books, { bill_id, pay_on }) => {
      const bill = find(books.bills, bill_id, 'bill');
      if (bill.status !== 'approved') {
        throw new RangeError(`${bill_id} is ${bill.status}, not approved`);
      }
      bill.status = 'paid';
      return { bill_id, status: bill.status, pay_on };
    },
  ),
  tool(
    'create_journal_entry',
    'Create an entry of the journal. Debits and credits must be equal.',
    {
      date,
      memo: z.string(),
      lines: z.array(z.object({ account: z.string(), debit: money.min(0), credit: money.min(0) })).min(2),
    },
    (books, { lines, memo, date: on }) => {
      const debit = lines.reduce((sum, line) => sum + line.debit, 0);
      const credit = lines.reduce((sum, line) => sum + line.credit, 0);
      if (debit !== credit) {
        throw new RangeError(`Debits are ${debit}, credits ${credit}`);
      }
      const made = { id: `jrn_${books.journal.length + 1}`, date: on, memo, lines };
      books.journal.push(made);
      return { id: made.id, debit, credit };
    },
  ),
];
