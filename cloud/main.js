// Cloud Code of the sample shop: functions that clients call, and a job for a schedule.

Parse.Cloud.define('hello', (request) => `Hello, ${request.params.name ?? 'world'}!`);

// What all orders are worth, as far as the caller may read them.
Parse.Cloud.define('calculateSales', async (request) => {
  const sessionToken = request.user?.getSessionToken();
  let sales = 0;
  try {
    const orders = await new Parse.Query('Order').include('product').findAll({ sessionToken });
    for (const order of orders) {
      sales += order.get('product')?.get('price') ?? 0;
    }
  } catch (error) {
    console.error(`Orders cannot be read: ${error.message}`);
  }
  return { sales };
});

Parse.Cloud.job('printSales', async (request, status) => {
  status.message('Adding up the orders');
  const { sales } = await Parse.Cloud.run('calculateSales');
  console.log(`Sales: ${sales}$`);
  status.success(`Sales: ${sales}$`);
});
